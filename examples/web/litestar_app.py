"""Litestar. Run it, then open http://127.0.0.1:8000/report?profile in a browser.

Look for: `ask_service`, which waits, and `make_report`, which computes.
"""

import sys

import uvicorn
from litestar import Litestar, get
from litestar.middleware import DefineMiddleware
from work import ask_service, make_report

from pyinstrument_integrations.asgi import ProfilerMiddleware


@get("/report")
async def report() -> str:
    await ask_service()
    return make_report()


app = Litestar([report], debug=True, middleware=[DefineMiddleware(ProfilerMiddleware)])

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]) if sys.argv[1:] else 8000)
