"""Bottle. Run it, then open http://127.0.0.1:8000/report?profile in a browser.

Look for: `make_report`, which computes, and `ask_database`, which waits.
"""

import sys

import bottle
from work import ask_database, make_report

from pyinstrument_integrations.wsgi import ProfilerMiddleware

site = bottle.Bottle()


@site.route("/report")
def report():
    ask_database()
    return make_report()


# Whoever can reach this server may see its profiles: it listens on this machine only.
app = ProfilerMiddleware(site, allow=True)

if __name__ == "__main__":
    bottle.run(app, host="127.0.0.1", port=int(sys.argv[1]) if sys.argv[1:] else 8000)
