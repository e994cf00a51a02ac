"""FastAPI. Run it, then open http://127.0.0.1:8000/report?profile in a browser.

Look for: `make_report` on a thread of its own (Python 3.12 and newer), linked to the request that
waited. The route /saved has a dependency instead: its profiles are in the folder `profiles`.
"""

import sys

import uvicorn
from fastapi import Depends, FastAPI
from work import ask_database, ask_service, make_report

from pyinstrument_integrations.asgi import ProfilerMiddleware
from pyinstrument_integrations.fastapi import profile_request

app = FastAPI(debug=True)
app.add_middleware(ProfilerMiddleware)


@app.get("/report")
def report():
    ask_database()
    return make_report()


@app.get("/saved", dependencies=[Depends(profile_request(profile_dir="profiles"))])
async def saved():
    await ask_service()
    return make_report()


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]) if sys.argv[1:] else 8000)
