"""A Django project with the middleware answers ``?profile`` with a report of what it did."""

import django
from busy import be_busy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pages import text_of

settings.configure(
    ALLOWED_HOSTS=["testserver"],
    DEBUG=True,
    MIDDLEWARE=["pyinstrument.middleware.ProfilerMiddleware"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="of a proof",
)
django.setup()


def slow_part() -> None:
    be_busy()


def page(request: HttpRequest) -> HttpResponse:
    slow_part()
    return HttpResponse("the page itself")


urlpatterns = [path("page", page)]

plain = Client().get("/page")
report = Client().get("/page?profile")
assert (plain.status_code, plain.content) == (200, b"the page itself")
text = text_of(report.content)
assert (report.status_code, "slow_part" in text) == (200, True), text
print(f"django_page: a report of {len(report.content)} bytes")
