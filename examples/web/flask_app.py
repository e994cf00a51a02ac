"""Flask. Run it, then open http://127.0.0.1:8000/report?profile in a browser.

Look for: `make_report`, which computes, and `ask_database`, which waits. Requests slower than a
twentieth of a second leave a profile in the folder `profiles`, listed at /profiles/.
"""

import sys

from flask import Flask
from work import ask_database, make_report

from pyinstrument_integrations.flask import FlaskProfiler

app = Flask(__name__)
app.debug = True
FlaskProfiler(app, profile_dir="profiles", slower_than=0.05, index_path="/profiles/")


@app.route("/report")
def report():
    ask_database()
    return make_report()


if __name__ == "__main__":
    app.run(port=int(sys.argv[1]) if sys.argv[1:] else 8000, use_reloader=False)
