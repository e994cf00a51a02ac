"""A Django project in one module: settings, routes and views, sync and async."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import Any, Iterator

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import include, path, re_path
from django.utils.asyncio import async_unsafe
from support.asgi_apps import async_pieces, failing, left_in_thread, pieces, right_in_thread
from support.asgi_apps import left as async_left_function
from support.asgi_apps import right as async_right_function

MIDDLEWARE = "pyinstrument_integrations.django.ProfilerMiddleware"

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["*"],
        DATABASES={},
        INSTALLED_APPS=[],
        LOGGING_CONFIG=None,
        MIDDLEWARE=[MIDDLEWARE],
        ROOT_URLCONF=__name__,
        SECRET_KEY="of the tests",
        USE_TZ=True,
    )
    django.setup()


def left(request: HttpRequest, what: str) -> HttpResponse:
    return HttpResponse(left_in_thread())


def right(request: HttpRequest, what: str) -> HttpResponse:
    return HttpResponse(right_in_thread())


async def async_left(request: HttpRequest, what: str) -> HttpResponse:
    return HttpResponse(await async_left_function())


async def async_right(request: HttpRequest, what: str) -> HttpResponse:
    return HttpResponse(await async_right_function())


def fail(request: HttpRequest) -> HttpResponse:
    return HttpResponse(failing())


def teapot(request: HttpRequest) -> HttpResponse:
    left_in_thread()
    response = HttpResponse("short and stout", status=418)
    response.set_cookie("tea", "green")
    return response


def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(pieces())


def stream_of_rows(request: HttpRequest) -> StreamingHttpResponse:
    """As reading from the database while the response is sent."""
    return StreamingHttpResponse(async_unsafe(lambda: b"row\n")() for _ in range(3))


async def async_stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(async_pieces())


async def hop(request: HttpRequest) -> HttpResponse:
    """Hands work to a thread, as Django's own async code does."""
    from asgiref.sync import sync_to_async

    await asyncio.sleep(0.01)
    return HttpResponse(await sync_to_async(left_in_thread)())


urlpatterns = [
    path("left/<path:what>", left),
    path("right/<path:what>", right),
    path("async_left/<path:what>", async_left),
    path("async_right/<path:what>", async_right),
    path("failing", fail),
    path("teapot", teapot),
    path("stream", stream),
    path("async_stream", async_stream),
    path("stream_of_rows", stream_of_rows),
    path("hop", hop),
    path("below/", include([re_path(r"^(?P<what>[a-z]+)$", left)])),
]


@contextmanager
def configured(**changed: Any) -> Iterator[None]:
    """The project with some settings changed, ours without their prefix if in lower case."""
    from django.test.utils import override_settings

    own = {
        f"PYINSTRUMENT_{name.upper()}": value for name, value in changed.items() if name.islower()
    }
    others = {name: value for name, value in changed.items() if not name.islower()}
    with override_settings(**own, **others):
        yield
