"""Django, in one file. Run it, then open http://127.0.0.1:8000/report?profile in a browser.

Look for: `make_report` and `ask_database`; at /async_report?profile, `ask_service`. The same
project is served by WSGI (`gunicorn django_app:application`) and, with this file, by ASGI.
"""

import sys

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path
from work import ask_database, ask_service, make_report

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    DEBUG=True,
    MIDDLEWARE=["pyinstrument.middleware.ProfilerMiddleware"],
    PYINSTRUMENT_PROFILE_DIR="profiles",
    PYINSTRUMENT_INDEX_PATH="/profiles/",
    ROOT_URLCONF=__name__,
    SECRET_KEY="an example has no secrets",
)
django.setup()


def report(request):
    ask_database()
    return HttpResponse(make_report())


async def async_report(request):
    await ask_service()
    return HttpResponse(make_report())


urlpatterns = [path("report", report), path("async_report", async_report)]

application = get_wsgi_application()

if __name__ == "__main__":
    import uvicorn

    uvicorn.run(get_asgi_application(), port=int(sys.argv[1]) if sys.argv[1:] else 8000)
