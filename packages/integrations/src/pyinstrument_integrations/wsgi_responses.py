"""WSGI responses: of our own, profiled ones, and those held until it is known who wants them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Callable, Dict, Iterable, Iterator, List, Tuple

from .hold_limit import TOO_LARGE, HoldLimit
from .web_profiler import Page

Environ = Dict[str, Any]
Headers = List[Tuple[str, str]]
StartResponse = Callable[..., Any]


class ProfiledBody:
    """A response's body whose end is the profile's end: when it is closed, as servers must."""

    def __init__(self, body: Iterable[bytes], end: Callable[[bool], None]) -> None:
        self._body = body
        self._iterator: Iterator[bytes] | None = None
        self._end: Callable[[bool], None] | None = end

    def __iter__(self) -> ProfiledBody:
        return self

    def __next__(self) -> bytes:
        __tracebackhide__ = True
        try:
            if self._iterator is None:
                self._iterator = iter(self._body)
            return next(self._iterator)
        except StopIteration:
            raise
        except BaseException:
            self._finish(has_failed=True)
            raise

    def close(self) -> None:
        """Closes the application's body, and ends the profile."""
        __tracebackhide__ = True
        try:
            close_body(self._body)
        finally:
            self._finish(has_failed=False)

    def _finish(self, has_failed: bool) -> None:
        __tracebackhide__ = True
        end, self._end = self._end, None
        if end is not None:
            end(has_failed)


class HeldResponse:
    """Takes a response, to be released to the server or forgotten."""

    def __init__(self, on_start: Callable[[], None]) -> None:
        self._on_start = on_start
        self.line = ""
        self.headers: Headers = []
        self._pieces: list[bytes] = []
        self._limit = HoldLimit()

    def start(
        self, line: str, headers: Headers, exc_info: object = None
    ) -> Callable[[bytes], object]:
        """In place of the server's ``start_response``."""
        self.line, self.headers = line, list(headers)
        self._on_start()
        return self.write

    def write(self, piece: bytes) -> bool:
        """Takes a part of the body; False where it is the last to be waited for."""
        if self._limit.take(piece):
            self._pieces.append(piece)
            return True
        self._pieces.clear()
        return False

    def release(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Sends what was held."""
        if self._limit.is_met:
            page = Page(TOO_LARGE, "text/plain; charset=utf-8", 500)
            return send_page(page, environ, start_response)
        start_response(self.line, self.headers)
        return self._pieces


def send_page(
    page: Page, environ: Environ, start_response: StartResponse, replaced: Iterable[Any] = ()
) -> Iterable[bytes]:
    """Sends a page of ours, with the cookies of the response that it takes the place of."""
    headers = page.headers()
    headers += [(name, value) for name, value in replaced if name.lower() == "set-cookie"]
    start_response(status_line(page.status), headers)
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [page.body]


def status_line(status: int) -> str:
    """A status with its words."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"


def status_of(line: str) -> int:
    """The number in a status line; 0 where there is none."""
    number = line.partition(" ")[0]
    return int(number) if number.isdecimal() else 0


def close_body(body: object) -> None:
    """Ends a response's body, as who takes it must."""
    close: Any = getattr(body, "close", None)
    if close is not None:
        close()
