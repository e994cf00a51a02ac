"""``ProfilerMiddleware`` for Django, under WSGI and ASGI, with sync and async views.

Its settings are those that pyinstrument's users know, and some more: see ``django_settings.py``.
"""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any, Callable, Optional, Tuple, TypeVar, cast

from .event_loops import in_thread
from .extras import missing_extra
from .failures import Contained
from .subject import Subject
from .web_profiler import Page, Plan, RequestProfile, WebProfiler

try:
    from asgiref.sync import sync_to_async
    from django.conf import settings as django_settings
    from django.http import HttpRequest, HttpResponse
except ImportError as error:
    raise missing_extra("django", error) from error

from .django_settings import file_name_callback, read_settings
from .django_streams import hold, hold_async, to_end, to_end_async

if TYPE_CHECKING:
    from pyinstrument_model.session import Session

__all__ = ["ProfilerMiddleware"]

T = TypeVar("T")

Decision = Tuple[Optional[Page], Optional[Plan]]
"""A page of ours, or what is wanted of a request's profile, or neither."""


class ProfilerMiddleware:
    """Profiles requests; add it to ``MIDDLEWARE``, at its head to see what the others cost."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        """Raises ``InvalidSettingError`` for a setting that cannot mean anything."""
        self.get_response = get_response
        self._web = WebProfiler(
            read_settings(django_settings), allow_setting="PYINSTRUMENT_SHOW_CALLBACK"
        )
        self._file_name = file_name_callback(django_settings)
        self._is_async = asyncio.iscoroutinefunction(get_response)
        if self._is_async:
            _mark_as_coroutine_function(self)

    def __call__(self, request: HttpRequest) -> Any:
        __tracebackhide__ = True
        if self._is_async:
            return self._call_async(request)
        page, plan = self._decide(request)
        if page is not None:
            return _response(page)
        profile = self._start(plan, request)
        if profile is None:
            return self.get_response(request)
        try:
            response = self.get_response(request)
            is_streaming = getattr(response, "streaming", False)
            if profile.plan.is_shown and is_streaming:
                hold(response)
        except BaseException:
            profile.stop(sys._getframe())
            self._save(profile, request, 500)
            raise
        if is_streaming and not profile.plan.is_shown:
            return self._streamed(response, request, profile)
        profile.stop(sys._getframe())
        return self._finished(response, request, profile)

    async def _call_async(self, request: HttpRequest) -> Any:
        __tracebackhide__ = True
        page, plan = await self._decide_async(request)
        if page is not None:
            return _response(page)
        profile = self._start(plan, request)
        if profile is None:
            return await self.get_response(request)
        found = profile
        try:
            response = await self.get_response(request)
            is_streaming = getattr(response, "streaming", False)
            if profile.plan.is_shown and is_streaming:
                await hold_async(response, _in_djangos_thread)
        except BaseException:
            profile.stop(sys._getframe())
            self._save(profile, request, 500)
            raise
        if is_streaming and not profile.plan.is_shown:
            return self._streamed(response, request, profile)
        profile.stop(sys._getframe())
        with Contained("delivering a profile"):
            return await in_thread(lambda: self._finished(response, request, found))
        return response

    def _decide(self, request: HttpRequest) -> Decision:
        with Contained("looking at a request"):
            query = request.META.get("QUERY_STRING", "")
            if not self._web.is_indifferent(query):
                return self._granted(self._web.wish(query), request)
        return None, None

    async def _decide_async(self, request: HttpRequest) -> Decision:
        settings = self._web.settings
        if not callable(settings.allow) and not callable(settings.when):
            return self._decide(request)
        with Contained("looking at a request"):
            query = request.META.get("QUERY_STRING", "")
            wish = None if self._web.is_indifferent(query) else self._web.wish(query)
            if wish is not None or self._web.is_index(request.path):
                # A project's function looks at the request's user; Django refuses to read that
                # from its database while an event loop waits.
                return await _in_djangos_thread(self._granted, wish, request)
        return None, None

    def _granted(self, wish: Plan | None, request: HttpRequest) -> Decision:
        page = self._web.index(request.path, request, _is_debug)
        if page is not None or wish is None:
            return page, None
        return None, self._web.granted(wish, request, _is_debug)

    def _start(self, plan: Plan | None, request: HttpRequest) -> RequestProfile | None:
        __tracebackhide__ = True
        if plan is None:
            return None
        with Contained("starting a profile"):
            title = f"{request.method} {request.get_full_path()}"
            return self._web.start(plan, sys._getframe(1), title)
        return None

    def _finished(self, response: Any, request: HttpRequest, profile: RequestProfile) -> Any:
        with Contained("delivering a profile"):
            subject, status = subject_of(request), response.status_code
            page = profile.deliver(subject, status, file_name=self._namer(request))
            if page is not None:
                shown = _response(page)
                shown.cookies = response.cookies
                response.close()
                return shown
        return response

    def _streamed(self, response: Any, request: HttpRequest, profile: RequestProfile) -> Any:
        """The response, whose profile ends when all of it has been sent."""

        def end() -> None:
            __tracebackhide__ = True
            profile.stop(sys._getframe(1))
            self._save(profile, request, response.status_code)

        if getattr(response, "is_async", False):
            response.streaming_content = to_end_async(response.streaming_content, end)
        else:
            response.streaming_content = to_end(response.streaming_content, end)
        return response

    def _save(self, profile: RequestProfile, request: HttpRequest, status: int) -> None:
        with Contained("delivering a profile"):
            profile.save(subject_of(request), status, file_name=self._namer(request))

    def _namer(self, request: HttpRequest) -> Callable[[Session], str | None] | None:
        callback, folder = self._file_name, self._web.folder
        if callback is None or folder is None:
            return None
        renderer = folder.report.renderer
        return lambda session: callback(request, session, renderer)


def subject_of(request: HttpRequest) -> Subject:
    """What to call a request, after Django has found its route."""
    match = getattr(request, "resolver_match", None)
    route = getattr(match, "route", None)
    # Django's routes have no slash in front; one of the empty path is "".
    return Subject(
        request.get_full_path(),
        str(request.method),
        request.path if route is None else f"/{route}",
    )


def _is_debug() -> bool:
    return django_settings.DEBUG is True


async def _in_djangos_thread(function: Callable[..., T], *arguments: Any) -> T:
    """Calls a function in the thread that has Django's connections to databases."""
    __tracebackhide__ = True
    return await sync_to_async(function, thread_sensitive=True)(*arguments)


def _response(page: Page) -> HttpResponse:
    response = HttpResponse(page.body, status=page.status)
    for name, value in page.headers():
        response[name] = value
    return response


def _mark_as_coroutine_function(middleware: Any) -> None:
    """Tells Django that calling *middleware* gives an awaitable."""
    try:
        from asgiref.sync import markcoroutinefunction
    except ImportError:  # before asgiref 3.6
        middleware._is_coroutine = cast(Any, asyncio.coroutines)._is_coroutine
    else:
        markcoroutinefunction(middleware)
