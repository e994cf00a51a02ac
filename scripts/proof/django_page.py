"""A Django project with the middleware answers ``?profile`` with a report."""

import time

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["testserver"],
    DEBUG=True,
    MIDDLEWARE=["pyinstrument.middleware.ProfilerMiddleware"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="of a proof",
)
django.setup()


def page(request: HttpRequest) -> HttpResponse:
    end = time.perf_counter() + 0.03
    while time.perf_counter() < end:
        sum(range(1000))
    return HttpResponse("the page itself")


urlpatterns = [path("page", page)]

plain = Client().get("/page")
report = Client().get("/page?profile")
assert (plain.status_code, plain.content) == (200, b"the page itself")
assert (report.status_code, report.content[:15]) == (200, b"<!doctype html>")
print(f"django_page: a report of {len(report.content)} bytes")
