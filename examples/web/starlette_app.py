"""Starlette. Run it, then open http://127.0.0.1:8000/report?profile in a browser.

Look for: `ask_service`, which waits, and `make_report`, which computes. Profiles of all requests
are in the folder `profiles`, and listed at /profiles/.
"""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from work import ask_service, make_report

from pyinstrument_integrations.asgi import ProfilerMiddleware


async def report(request):
    await ask_service()
    return PlainTextResponse(make_report())


app = Starlette(
    debug=True,
    routes=[Route("/report", report)],
    middleware=[
        Middleware(ProfilerMiddleware, profile_dir="profiles", index_path="/profiles/"),
    ],
)

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]) if sys.argv[1:] else 8000)
