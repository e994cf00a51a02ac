"""What a middleware adds to a request that is not profiled, in microseconds.

Each application answers at once, so that nothing but the middleware is measured: called without a
server, with it and without it in turn. A figure is the median over the rounds of the differences
within one round; "plain again" is the application against itself, the noise of the machine.
Needs the integrations and their frameworks: `hatch run web:middleware`. Exits 1 if one adds more
than the bound.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import statistics
import sys
import tempfile
import time
from typing import Any, Awaitable, Callable, NamedTuple

import tables

BOUND_US = 20.0

Timed = Callable[[int], float]
"""Seconds that so many requests take."""


class Case(NamedTuple):
    """Two ways to answer the same request."""

    name: str
    plain: Timed
    changed: Timed


def main() -> int:
    """The command; returns its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Formatter)
    parser.add_argument("--requests", type=int, default=2_000, help="in a round")
    parser.add_argument("--rounds", type=int, default=101)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            (case.name, *measured(case, arguments.requests, arguments.rounds))
            for case in cases(folder)
        ]
    print(f"{tables.machine()}; Python {sys.version.split()[0]}; ", end="")
    print(f"{arguments.rounds} rounds of {arguments.requests} requests\n")
    print("| middleware | request alone, µs | added, µs | 90th percentile of rounds |")
    print("|---|---:|---:|---:|")
    for name, alone, added, high in rows:
        print(f"| {name} | {alone:.2f} | {added:.2f} | {high:.2f} |")
    return int(any(added > BOUND_US for _, _, added, _ in rows))


class _Formatter(argparse.RawDescriptionHelpFormatter, argparse.ArgumentDefaultsHelpFormatter):
    pass


def measured(case: Case, requests: int, rounds: int) -> tuple[float, float, float]:
    """Microseconds of a plain request; what is added: the median, and the 90th percentile."""
    alone, added = [], []
    gc.disable()
    try:
        for number in range(rounds + 1):
            # In turn the first, so that neither always follows the other.
            order = (case.plain, case.changed) if number % 2 else (case.changed, case.plain)
            spent = {timed: timed(requests) / requests * 1e6 for timed in order}
            if number:  # the first warms up
                alone.append(spent[case.plain])
                added.append(spent[case.changed] - spent[case.plain])
            gc.collect()
    finally:
        gc.enable()
    return statistics.median(alone), statistics.median(added), sorted(added)[len(added) * 9 // 10]


def cases(folder: str) -> list[Case]:
    """Every middleware as it usually stands there, and with a folder for few requests."""
    found = [Case("plain again (WSGI)", wsgi_requests(wsgi_app), wsgi_requests(wsgi_app))]
    rare: dict[str, Any] = {"profile_dir": folder, "one_in": 1_000_000}
    for name, options in (("", {}), (", 1 in 1,000,000 to a folder", rare)):
        found.append(wsgi_case(f"WSGI{name}", options))
        found.append(asgi_case(f"ASGI{name}", options))
        found.append(aiohttp_case(f"aiohttp{name}", options))
        found.extend(django_cases(f"Django{name}", options))
    return found


def wsgi_app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [])
    return [b""]


def wsgi_requests(app: Callable[..., Any]) -> Timed:
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/users", "QUERY_STRING": "page=2&sort=name"}

    def start_response(status: str, headers: list[Any]) -> None:
        return None

    def timed(count: int) -> float:
        began = time.perf_counter()
        for _ in range(count):
            app(environ, start_response)
        return time.perf_counter() - began

    return timed


def wsgi_case(name: str, options: dict[str, Any]) -> Case:
    from pyinstrument_integrations.wsgi import ProfilerMiddleware

    middleware = ProfilerMiddleware(wsgi_app, **options)
    return Case(name, wsgi_requests(wsgi_app), wsgi_requests(middleware))


def awaited(answer: Callable[[], Awaitable[object]]) -> Timed:
    """Requests one after the other in one task."""

    async def answer_all(count: int) -> float:
        began = time.perf_counter()
        for _ in range(count):
            await answer()
        return time.perf_counter() - began

    return lambda count: asyncio.run(answer_all(count))


def asgi_case(name: str, options: dict[str, Any]) -> Case:
    from pyinstrument_integrations.asgi import ProfilerMiddleware

    scope = {"type": "http", "method": "GET", "path": "/users", "query_string": b"page=2&sort=name"}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        return None

    middleware = ProfilerMiddleware(app, **options)
    return Case(
        name,
        awaited(lambda: app(scope, None, None)),
        awaited(lambda: middleware(scope, None, None)),
    )


def aiohttp_case(name: str, options: dict[str, Any]) -> Case:
    from aiohttp import web
    from aiohttp.test_utils import make_mocked_request

    from pyinstrument_integrations.aiohttp import profiler_middleware

    request = make_mocked_request("GET", "/users?page=2&sort=name")
    response = web.Response()

    async def handler(request: web.Request) -> web.StreamResponse:
        return response

    middleware = profiler_middleware(**options)
    return Case(
        name, awaited(lambda: handler(request)), awaited(lambda: middleware(request, handler))
    )


def django_cases(name: str, options: dict[str, Any]) -> list[Case]:
    from django.conf import settings
    from django.http import HttpResponse
    from django.test import RequestFactory
    from django.test.utils import override_settings

    if not settings.configured:
        settings.configure()
    from pyinstrument_integrations.django import ProfilerMiddleware

    request = RequestFactory().get("/users?page=2&sort=name")
    response = HttpResponse()

    def get_response(request: Any) -> Any:
        return response

    async def get_response_async(request: Any) -> Any:
        return response

    def timed(answer: Callable[[], object]) -> Timed:
        def run(count: int) -> float:
            began = time.perf_counter()
            for _ in range(count):
                answer()
            return time.perf_counter() - began

        return run

    with override_settings(**{f"PYINSTRUMENT_{key.upper()}": options[key] for key in options}):
        middleware = ProfilerMiddleware(get_response)
        async_middleware = ProfilerMiddleware(get_response_async)
    return [
        Case(name, timed(lambda: get_response(request)), timed(lambda: middleware(request))),
        Case(
            f"{name}, async",
            awaited(lambda: get_response_async(request)),
            awaited(lambda: async_middleware(request)),
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
