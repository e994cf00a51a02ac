"""``profiler_middleware`` for aiohttp's server: ``web.Application(middlewares=[...])``."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Awaitable, Callable

from .event_loops import in_thread
from .extras import missing_extra
from .failures import Contained, tell_once
from .subject import Subject
from .web_profiler import Page, RequestProfile, WebProfiler
from .web_settings import WebSettings

try:
    from aiohttp import web
except ImportError as error:
    raise missing_extra("aiohttp", error) from error

if TYPE_CHECKING:
    from aiohttp.typedefs import Middleware
    from typing_extensions import Unpack

    from .web_settings import WebOptions

__all__ = ["profiler_middleware"]

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def profiler_middleware(**options: Unpack[WebOptions]) -> Middleware:
    """A middleware that profiles requests; websockets pass through.

    Args:
        **options: As of :class:`~.web_settings.WebSettings`; ``threads`` is ``"linked"`` here.
            ``allow`` and ``when`` are called with the request. asyncio's debug mode is what shows
            reports where ``allow`` is not given.

    Raises ``InvalidSettingError``, or ``TypeError`` for an option that there is not.
    """
    profiler = _Profiler(WebProfiler(WebSettings.of(options, threads="linked")))

    @web.middleware
    async def profile(request: web.Request, handler: Handler) -> web.StreamResponse:
        __tracebackhide__ = True
        return await profiler.answer(request, handler)

    return profile


class _Profiler:
    def __init__(self, web_profiler: WebProfiler) -> None:
        self._web = web_profiler

    async def answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The handler's response, or one of ours."""
        __tracebackhide__ = True
        page, profile = self._begin(request)
        if page is not None:
            return _response(page)
        if profile is None:
            return await handler(request)
        try:
            response = await handler(request)
        except web.HTTPException as raised:  # which is a response too
            profile.stop(sys._getframe())
            page = await self._deliver(profile, request, raised.status, raised)
            if page is None:
                raise
            return _response(page, raised)
        except BaseException:
            profile.stop(sys._getframe())
            with Contained("delivering the profile of a request that failed"):
                profile.save(subject_of(request), 500)
            raise
        profile.stop(sys._getframe())
        page = await self._deliver(profile, request, response.status, response)
        return response if page is None else _response(page, response)

    def _begin(self, request: web.Request) -> tuple[Page | None, RequestProfile | None]:
        """A page of ours, or this request's profile, begun, or neither."""
        __tracebackhide__ = True
        with Contained("looking at a request"):
            query = request.rel_url.raw_query_string
            if self._web.is_indifferent(query):
                return None, None
            if request.headers.get("Upgrade", "").lower() == "websocket":
                return None, None
            page = self._web.index(request.path, request, _is_debug)
            if page is not None:
                return page, None
            plan = self._web.plan(query, request, _is_debug)
            if plan is not None:
                return None, self._web.start(plan, sys._getframe(1), subject_of(request).title)
        return None, None

    async def _deliver(
        self,
        profile: RequestProfile,
        request: web.Request,
        status: int,
        response: web.StreamResponse | web.HTTPException,
    ) -> Page | None:
        with Contained("delivering a profile"):
            subject = subject_of(request)
            page = await in_thread(lambda: profile.deliver(subject, status))
            if page is not None and getattr(response, "prepared", False):
                tell_once(
                    "a request asked for its profile, but its handler had sent the response "
                    "itself: set profile_dir to have the report in a file"
                )
                return None
            return page
        return None


def subject_of(request: web.Request) -> Subject:
    """What to call a request."""
    resource = request.match_info.route.resource
    route = request.path if resource is None else resource.canonical
    return Subject(request.path_qs, request.method, route)


def _is_debug() -> bool:
    return asyncio.get_running_loop().get_debug()


def _response(page: Page, replaced: web.StreamResponse | None = None) -> web.Response:
    response = web.Response(body=page.body, status=page.status, headers=dict(page.headers()))
    if replaced is not None:
        response.cookies.update(replaced.cookies)
    return response
