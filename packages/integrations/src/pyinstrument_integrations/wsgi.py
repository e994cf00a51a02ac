"""``ProfilerMiddleware`` for any WSGI application: Flask, Falcon, Bottle and others."""

from __future__ import annotations

import sys
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterable, Iterator, List, Optional, Tuple
from typing import Type, Union

from .failures import Contained
from .subject import Subject
from .web_profiler import Page, Plan, RequestProfile, WebProfiler
from .web_settings import WebSettings

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .web_settings import WebOptions

__all__ = ["ProfilerMiddleware"]

Environ = Dict[str, Any]
Headers = List[Tuple[str, str]]
ExcInfo = Union[
    Tuple[Type[BaseException], BaseException, TracebackType], Tuple[None, None, None], None
]
StartResponse = Callable[..., Callable[[bytes], object]]
WSGIApp = Callable[[Environ, StartResponse], Iterable[bytes]]

HELD_BYTES = 16_000_000
"""A response may never end; one as large as this is not worth its memory."""

TOO_LARGE = b"The report could not be made, and the response was too large to be kept.\n"


class ProfilerMiddleware:
    """Profiles requests: ``app.wsgi_app = ProfilerMiddleware(app.wsgi_app)``.

    ``allow`` and ``when`` are called with the request's environ.
    """

    def __init__(self, app: WSGIApp, **options: Unpack[WebOptions]) -> None:
        """
        Args:
            app: The application.
            **options: As of :class:`~.web_settings.WebSettings`.

        Raises ``InvalidSettingError``, or ``TypeError`` for an option that there is not.
        """
        self.app = app
        self._web = WebProfiler(WebSettings.of(options))

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        __tracebackhide__ = True
        page, plan = self._decide(environ)
        if page is not None:
            return send_page(page, environ, start_response)
        if plan is None:
            return self.app(environ, start_response)
        profile = self._start(plan, environ)
        if profile is None:
            return self.app(environ, start_response)
        if plan.is_shown:
            return self._show(profile, environ, start_response)
        return self._save(profile, environ, start_response)

    def _decide(self, environ: Environ) -> tuple[Page | None, Plan | None]:
        """A page of ours, or what is wanted of this request's profile, or neither."""
        with Contained("looking at a request"):

            def is_debug() -> bool:
                return is_debug_app(self.app)

            page = self._web.index(path_of(environ), environ, is_debug)
            if page is not None:
                return page, None
            return None, self._web.plan(environ.get("QUERY_STRING", ""), environ, is_debug)
        return None, None

    def _start(self, plan: Plan, environ: Environ) -> RequestProfile | None:
        __tracebackhide__ = True
        with Contained("starting a profile"):
            return self._web.start(plan, sys._getframe(1), subject_of(environ).title)
        return None

    def _save(
        self, profile: RequestProfile, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        __tracebackhide__ = True
        status = 0

        def noting_start(line: str, headers: Headers, *exc_info: Any) -> Callable[[bytes], object]:
            nonlocal status
            status = status_of(line)
            return start_response(line, headers, *exc_info)

        def end(has_failed: bool) -> None:
            __tracebackhide__ = True
            profile.stop(sys._getframe(1))
            with Contained("delivering a profile"):
                profile.save(subject_of(environ), 500 if has_failed else status)

        try:
            body = self.app(environ, noting_start)
        except BaseException:
            end(has_failed=True)
            raise
        return ProfiledBody(body, end)

    def _show(
        self, profile: RequestProfile, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        __tracebackhide__ = True
        held = HeldResponse()
        try:
            body = self.app(environ, held.start)
            try:
                for piece in body:
                    held.write(piece)
            finally:
                close: Optional[Callable[[], object]] = getattr(body, "close", None)
                if close is not None:
                    close()
        except BaseException:
            profile.stop(sys._getframe())
            with Contained("delivering the profile of a request that failed"):
                profile.save(subject_of(environ), 500)
            raise
        profile.stop(sys._getframe())
        with Contained("delivering a profile"):
            page = profile.deliver(subject_of(environ), status_of(held.line))
            if page is not None:
                return send_page(page, environ, start_response, held.headers)
        return held.release(environ, start_response)


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
            close: Optional[Callable[[], object]] = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            self._finish(has_failed=False)

    def _finish(self, has_failed: bool) -> None:
        __tracebackhide__ = True
        end, self._end = self._end, None
        if end is not None:
            end(has_failed)


class HeldResponse:
    """Takes a response, to be released to the server or forgotten."""

    def __init__(self, limit: int = HELD_BYTES) -> None:
        self.line = ""
        self.headers: Headers = []
        self._pieces: list[bytes] = []
        self._size = 0
        self._limit = limit

    def start(
        self, line: str, headers: Headers, exc_info: ExcInfo = None
    ) -> Callable[[bytes], object]:
        """In place of the server's ``start_response``."""
        self.line, self.headers = line, list(headers)
        return self.write

    def write(self, piece: bytes) -> None:
        """Takes a part of the body."""
        self._size += len(piece)
        if self._size <= self._limit:
            self._pieces.append(piece)
        else:
            self._pieces.clear()

    def release(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Sends what was held."""
        if self._size > self._limit:
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


def is_debug_app(app: object) -> bool:
    """Whether the application, or the one that *app* is a method of, is in its debug mode."""
    return any(
        getattr(found, "debug", False) is True for found in (app, getattr(app, "__self__", None))
    )


def path_of(environ: Environ) -> str:
    """The path below the application, as text."""
    return as_text(environ.get("PATH_INFO", ""))


def as_text(value: str) -> str:
    """What servers decode as Latin-1, decoded as what it nearly always is."""
    return value.encode("latin-1", "replace").decode("utf-8", "replace")


def subject_of(environ: Environ) -> Subject:
    """What to call a request."""
    path = as_text(f"{environ.get('SCRIPT_NAME', '')}{environ.get('PATH_INFO', '')}") or "/"
    query = as_text(environ.get("QUERY_STRING", ""))
    method = environ.get("REQUEST_METHOD", "GET")
    return Subject(f"{path}?{query}" if query else path, method, route_of(environ) or path)


def route_of(environ: Environ) -> str:
    """The route, where the framework leaves its request in the environ."""
    request = environ.get("werkzeug.request")
    rule = getattr(request, "url_rule", None) or environ.get("bottle.route")
    return str(getattr(rule, "rule", "") or "")
