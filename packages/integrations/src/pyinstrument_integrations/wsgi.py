"""``ProfilerMiddleware`` for any WSGI application: Flask, Falcon, Bottle and others."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Callable, Iterable

from .failures import Contained
from .subject import Subject
from .web_profiler import Page, Plan, RequestProfile, WebProfiler
from .web_settings import WebSettings
from .wsgi_responses import (
    Environ,
    Headers,
    HeldResponse,
    ProfiledBody,
    StartResponse,
    close_body,
    send_page,
    status_of,
)

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .web_settings import WebOptions

__all__ = ["ProfilerMiddleware"]

WSGIApp = Callable[..., Iterable[bytes]]
"""Frameworks' types of the two arguments differ, and exclude each other."""


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
            query = environ.get("QUERY_STRING", "")
            if self._web.is_indifferent(query):
                return None, None
            request = self._request(environ)
            page = self._web.index(path_of(environ), request, self._is_debug)
            if page is not None:
                return page, None
            return None, self._web.plan(query, request, self._is_debug)
        return None, None

    def _request(self, environ: Environ) -> Any:
        """What ``allow`` and ``when`` are called with."""
        return environ

    def _is_debug(self) -> bool:
        return is_debug_app(self.app)

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

        def noting_start(line: str, headers: Headers, *exc_info: Any) -> Any:
            nonlocal status
            status = status_of(line)
            note_route(environ)
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
        if isinstance(body, (list, tuple)):  # there is nothing left to be profiled
            end(has_failed=False)
            return body
        return ProfiledBody(body, end)

    def _show(
        self, profile: RequestProfile, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        __tracebackhide__ = True
        held = HeldResponse(lambda: note_route(environ))
        try:
            body = self.app(environ, held.start)
            try:
                for piece in body:
                    if not held.write(piece):
                        break
            finally:
                close_body(body)
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


_ROUTE = "pyinstrument.route"


def note_route(environ: Environ) -> None:
    """Keeps the route when a response begins: Flask forgets it at the end of a request."""
    with Contained("looking for a request's route"):
        environ[_ROUTE] = route_of(environ)


def route_of(environ: Environ) -> str:
    """The route, where the framework leaves its request in the environ."""
    if environ.get(_ROUTE):
        return str(environ[_ROUTE])
    request = environ.get("werkzeug.request")
    rule = getattr(request, "url_rule", None) or environ.get("bottle.route")
    return str(getattr(rule, "rule", "") or "")
