"""Real servers on a free port of this machine, in a thread of the tests' process."""

from __future__ import annotations

import socketserver
import threading
import wsgiref.simple_server
from contextlib import contextmanager
from typing import Any, Iterator


@contextmanager
def serve_asgi(app: Any, **options: Any) -> Iterator[int]:
    """The port of a uvicorn that serves *app*; every request has ended when this does."""
    import uvicorn
    from uvicorn.config import WS_PROTOCOLS

    # The older way to websockets is deprecated where there is a newer one.
    ws = "websockets-sansio" if "websockets-sansio" in WS_PROTOCOLS else "auto"
    settings: dict[str, Any] = {"port": 0, "log_level": "warning", "ws": ws, **options}
    server = uvicorn.Server(uvicorn.Config(app, **settings))
    thread = threading.Thread(target=server.run, name="uvicorn")
    thread.start()
    try:
        while not server.started and thread.is_alive():
            thread.join(0.01)
        assert thread.is_alive(), "the server did not start"
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


class _Handler(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


class _ThreadingServer(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    """A thread a request; closing it waits for them."""

    daemon_threads = False
    request_queue_size = 64


@contextmanager
def serve_wsgi(app: Any) -> Iterator[int]:
    """The port of a wsgiref server that serves *app*; every request has ended when this does."""
    server = wsgiref.simple_server.make_server("127.0.0.1", 0, app, _ThreadingServer, _Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
