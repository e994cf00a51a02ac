"""``profile_request``: a FastAPI dependency that profiles the routes it is put on.

For all routes, or for reports in place of responses, take the middleware of ``asgi.py``.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, AsyncIterator, Callable

from .asgi import is_debug_app, subject_of
from .errors import InvalidSettingError
from .event_loops import in_thread
from .extras import missing_extra
from .failures import Contained
from .web_profiler import RequestProfile, WebProfiler
from .web_settings import WebSettings

try:
    from fastapi import Request
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException
except ImportError as error:
    raise missing_extra("fastapi", error) from error

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .web_settings import WebOptions

__all__ = ["profile_request"]


def profile_request(**options: Unpack[WebOptions]) -> Callable[..., AsyncIterator[None]]:
    """A dependency: ``@app.get("/", dependencies=[Depends(profile_request(profile_dir="p"))])``.

    Args:
        **options: As of :class:`~.web_settings.WebSettings`; ``profile_dir`` must be among them,
            since a dependency cannot replace a response. ``when`` is called with the request.

    Raises ``InvalidSettingError``, or ``TypeError`` for an option that there is not.
    """
    settings = WebSettings.of(options, threads="linked", query_key=None)
    if settings.profile_dir is None:
        raise InvalidSettingError("a dependency cannot replace a response: set profile_dir")
    profiler = WebProfiler(settings)

    async def profile(request: Request) -> AsyncIterator[None]:
        __tracebackhide__ = True
        found = _start(profiler, request)
        try:
            yield
        except BaseException as error:
            if found is not None:
                found.stop(sys._getframe())
                _save_failed(found, request, error)
            raise
        if found is not None:
            found.stop(sys._getframe())
            await _save(found, request)

    # FastAPI reads annotations as objects, and those of this module are text.
    profile.__annotations__ = {"request": Request}
    return profile


def _start(profiler: WebProfiler, request: Request) -> RequestProfile | None:
    __tracebackhide__ = True
    with Contained("starting a profile"):
        plan = profiler.plan("", request, lambda: is_debug_app(request.scope, None))
        if plan is not None:
            return profiler.start(plan, sys._getframe(1), subject_of(request.scope).title)
    return None


async def _save(profile: RequestProfile, request: Request) -> None:
    with Contained("delivering a profile"):
        subject: Any = subject_of(request.scope)
        # The response, which has the status, is no business of a dependency's.
        await in_thread(lambda: profile.save(subject, None))


def _save_failed(profile: RequestProfile, request: Request, error: BaseException) -> None:
    with Contained("delivering the profile of a request that failed"):
        profile.save(subject_of(request.scope), _status_of(error))


def _status_of(error: BaseException) -> int:
    """What FastAPI answers, unless the application has a handler of its own for that."""
    if isinstance(error, HTTPException):
        return error.status_code
    return 422 if isinstance(error, RequestValidationError) else 500
