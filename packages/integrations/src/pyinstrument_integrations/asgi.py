"""``ProfilerMiddleware`` for any ASGI application: Starlette, FastAPI, Litestar, Quart and others.

Requests run in one task each, so any number of them have profiles of their own at once.
"""

from __future__ import annotations

import sys
from enum import Enum
from typing import TYPE_CHECKING, Any, Awaitable, Callable, MutableMapping, NamedTuple

from .asgi_messages import HeldMessages, is_last, send_page
from .event_loops import in_thread
from .failures import Contained
from .subject import Subject
from .web_profiler import RequestProfile, WebProfiler
from .web_settings import WebSettings

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .web_profiler import Page, Plan
    from .web_settings import WebOptions

__all__ = ["ProfilerMiddleware"]


class Begun(NamedTuple):
    """A request that is profiled."""

    profile: RequestProfile
    subject: Subject
    """As it was called at the start: applications change the scope on the way to a route."""


class Stage(Enum):
    """How far the answer to a request is that has asked for its report."""

    HOLDING = "the application's messages are kept"
    ANSWERING = "it has begun, or is ours: what the application still sends is dropped"
    PASSING_ON = "the application's own response has been given back: what follows belongs to it"


Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[..., Awaitable[None]]
"""Frameworks' types of the three arguments differ, and exclude each other."""


class ProfilerMiddleware:
    """Profiles HTTP requests; whatever else (websockets, lifespan) passes through.

    ``app.add_middleware(ProfilerMiddleware, profile_dir="profiles")``, or
    ``app = ProfilerMiddleware(app)``. ``allow`` and ``when`` are called with the request's scope.
    """

    def __init__(self, app: ASGIApp, **options: Unpack[WebOptions]) -> None:
        """
        Args:
            app: The application.
            **options: As of :class:`~.web_settings.WebSettings`; ``threads`` is ``"linked"`` here:
                with what other threads do for the request.

        Raises ``InvalidSettingError``, or ``TypeError`` for an option that there is not.
        """
        self.app = app
        self._web = WebProfiler(WebSettings.of(options, threads="linked"))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        __tracebackhide__ = True
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        page, plan = self._decide(scope)
        if page is not None:
            await send_page(send, page, scope["method"])
        elif plan is None:
            await self.app(scope, receive, send)
        elif plan.is_shown:
            await self._show(plan, scope, receive, send)
        else:
            await self._save(plan, scope, receive, send)

    def _decide(self, scope: Scope) -> tuple[Page | None, Plan | None]:
        """A page of ours, or what is wanted of this request's profile, or neither."""
        with Contained("looking at a request"):

            def is_debug() -> bool:
                return is_debug_app(scope, self.app)

            query = (scope.get("query_string") or b"").decode("latin-1")
            if self._web.is_indifferent(query):
                return None, None
            page = self._web.index(paths_of(scope)[1], scope, is_debug)
            if page is not None:
                return page, None
            return None, self._web.plan(query, scope, is_debug)
        return None, None

    async def _save(self, plan: Plan, scope: Scope, receive: Any, send: Send) -> None:
        __tracebackhide__ = True
        status = 0

        async def noting_send(message: Message) -> None:
            __tracebackhide__ = True
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        begun = self._start(plan, scope)
        try:
            await self.app(scope, receive, noting_send)
        except BaseException:
            self._stop(begun)
            if begun is not None:
                self._save_failed(begun, scope)
            raise
        self._stop(begun)
        await self._deliver(begun, scope, status)

    async def _show(self, plan: Plan, scope: Scope, receive: Any, send: Send) -> None:
        __tracebackhide__ = True
        held = HeldMessages(send)
        stage = Stage.HOLDING
        begun = self._start(plan, scope)
        if begun is None:
            await self.app(scope, receive, send)
            return

        async def holding_send(message: Message) -> None:
            __tracebackhide__ = True
            nonlocal stage
            if stage is Stage.PASSING_ON:
                await send(message)
            if stage is not Stage.HOLDING:
                return
            await held.send(message)
            # Answered now, not when the application ends: until the server has sent a response, it
            # does not tell that the request is over, and some applications wait for that. Others
            # send events for ever.
            if is_last(message) or held.is_too_much:
                # Another task of the application may send while the report is made.
                stage = Stage.ANSWERING
                self._stop(begun)
                if not await self._answer(begun, scope, send, held):
                    stage = Stage.PASSING_ON

        try:
            await self.app(scope, receive, holding_send)
        except BaseException:
            self._stop(begun)
            if stage is Stage.HOLDING:
                stage = Stage.ANSWERING
                self._save_failed(begun, scope)
                with Contained("giving back the response to a request that failed"):
                    await held.release()
            raise
        if stage is Stage.HOLDING:
            stage = Stage.ANSWERING
            self._stop(begun)
            await self._answer(begun, scope, send, held)

    async def _answer(self, begun: Begun, scope: Scope, send: Send, held: HeldMessages) -> bool:
        """Sends the report, or else what was held; whether the response is one of ours."""
        page = await self._deliver(begun, scope, held.status)
        if page is None:
            await held.release()
            return held.is_too_much
        await send_page(send, page, scope["method"], held.headers)
        return True

    def _start(self, plan: Plan, scope: Scope) -> Begun | None:
        __tracebackhide__ = True
        # The frame of __call__, two below: what stands beneath it is the server's.
        frame = sys._getframe(2)
        with Contained("starting a profile"):
            subject = subject_of(scope)
            profile = self._web.start(plan, frame, subject.title)
            return None if profile is None else Begun(profile, subject)
        return None

    def _stop(self, begun: Begun | None) -> None:
        __tracebackhide__ = True
        if begun is not None:
            begun.profile.stop(sys._getframe(1))

    def _save_failed(self, begun: Begun, scope: Scope) -> None:
        # No await here: the task may have been cancelled, and what ended it must not wait.
        with Contained("delivering the profile of a request that failed"):
            begun.profile.save(named_by_route(begun.subject, scope), 500)

    async def _deliver(self, begun: Begun | None, scope: Scope, status: int) -> Page | None:
        if begun is None:
            return None
        profile, subject = begun
        with Contained("delivering a profile"):
            subject = named_by_route(subject, scope)
            return await in_thread(lambda: profile.deliver(subject, status))
        return None


def is_debug_app(scope: Scope, app: object) -> bool:
    """Whether the application that the scope names, or that is wrapped, is in its debug mode."""
    apps = (scope.get("app"), scope.get("litestar_app"), app, getattr(app, "__self__", None))
    return any(getattr(found, "debug", False) is True for found in apps)


def subject_of(scope: Scope) -> Subject:
    """What to call a request."""
    path = "".join(paths_of(scope))
    query = (scope.get("query_string") or b"").decode("latin-1")
    return named_by_route(
        Subject(f"{path}?{query}" if query else path, scope["method"], path), scope
    )


def named_by_route(subject: Subject, scope: Scope) -> Subject:
    """The subject with the route that the application has found, where the scope tells it."""
    route = scope.get("path_template") or getattr(scope.get("route"), "path", "")
    return subject._replace(route=str(route)) if route else subject


def paths_of(scope: Scope) -> tuple[str, str]:
    """The path that the application is mounted at, without a slash at its end, and that below."""
    root, path = str(scope.get("root_path") or "").rstrip("/"), str(scope["path"])
    # Servers and frameworks differ in whether the path begins with the root.
    if root and (path == root or path.startswith(f"{root}/")):
        path = path[len(root) :]
    return root, path
