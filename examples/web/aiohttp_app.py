"""aiohttp. Run it, then open http://127.0.0.1:8000/report?profile in a browser.

Look for: `ask_service`, which waits, and `make_report`, which computes.
"""

import sys

from aiohttp import web
from work import ask_service, make_report

from pyinstrument_integrations.aiohttp import profiler_middleware


async def report(request):
    await ask_service()
    return web.Response(text=make_report())


# Whoever can reach this server may see its profiles: it listens on this machine only.
app = web.Application(middlewares=[profiler_middleware(allow=True)])
app.router.add_get("/report", report)

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]) if sys.argv[1:] else 8000)
