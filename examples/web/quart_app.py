"""Quart. Run it, then open http://127.0.0.1:8000/report?profile in a browser.

Look for: `make_report`, which computes, in a task that Quart makes for each request, and `[await]`
where Quart waits for that task: what the task itself waits for is not told apart.
"""

import sys

import uvicorn
from quart import Quart
from work import ask_service, make_report

from pyinstrument_integrations.asgi import ProfilerMiddleware

app = Quart(__name__)
app.debug = True
app.asgi_app = ProfilerMiddleware(app.asgi_app)


@app.route("/report")
async def report():
    await ask_service()
    return make_report()


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]) if sys.argv[1:] else 8000)
