"""One application in each WSGI framework: the same routes, under the profiler's middleware."""

from __future__ import annotations

from typing import Any, Callable

from support.asgi_apps import failing, left_in_thread, pieces, right_in_thread

from pyinstrument_integrations.wsgi import ProfilerMiddleware

left, right = left_in_thread, right_in_thread

FUNCTIONS: dict[str, Callable[[], str]] = {"left": left, "right": right, "failing": failing}


def flask_app(**options: Any) -> Any:
    from flask import Flask, Response, make_response

    app = Flask(__name__)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for name, function in FUNCTIONS.items():

        def endpoint(what: str, function: Callable[[], str] = function) -> str:
            return function()

        app.add_url_rule(f"/{name}/<path:what>", name, endpoint)

    def teapot() -> Response:
        left()
        response = make_response("short and stout", 418)
        response.set_cookie("tea", "green")
        return response

    app.add_url_rule("/teapot", "teapot", teapot)
    app.add_url_rule("/stream", "stream", lambda: Response(pieces()))
    wrapped: Any = ProfilerMiddleware(app.wsgi_app, **options)
    app.wsgi_app = wrapped  # type: ignore[method-assign]  # how Flask is given middleware
    return app


def falcon_app(**options: Any) -> Any:
    import falcon

    class Resource:
        def __init__(self, function: Callable[[], str]) -> None:
            self.function = function

        def on_get(self, request: Any, response: Any, what: str) -> None:
            response.content_type = "text/plain"
            response.text = self.function()

    app: Any = falcon.App()
    for name, function in FUNCTIONS.items():
        app.add_route(f"/{name}/{{what}}", Resource(function))
    return ProfilerMiddleware(app, **options)


def bottle_app(**options: Any) -> Any:
    import bottle

    app = bottle.Bottle()
    for name, function in FUNCTIONS.items():

        def endpoint(what: str, function: Callable[[], str] = function) -> str:
            return function()

        app.route(f"/{name}/<what:path>", callback=endpoint)
    return ProfilerMiddleware(app, **options)


APPS: dict[str, Callable[..., Any]] = {
    "bottle": bottle_app,
    "falcon": falcon_app,
    "flask": flask_app,
}
