"""Falcon. Run it, then open http://127.0.0.1:8000/report?profile in a browser.

Look for: `make_report`, which computes, and `ask_database`, which waits.
"""

import sys
from wsgiref.simple_server import make_server

import falcon
from work import ask_database, make_report

from pyinstrument_integrations.wsgi import ProfilerMiddleware


class Report:
    def on_get(self, request, response):
        ask_database()
        response.content_type = falcon.MEDIA_TEXT
        response.text = make_report()


api = falcon.App()
api.add_route("/report", Report())
# Whoever can reach this server may see its profiles: it listens on this machine only.
app = ProfilerMiddleware(api, allow=True)

if __name__ == "__main__":
    make_server("127.0.0.1", int(sys.argv[1]) if sys.argv[1:] else 8000, app).serve_forever()
