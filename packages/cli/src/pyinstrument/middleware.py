"""Django's ``ProfilerMiddleware``, under the path that users of pyinstrument know."""

from __future__ import annotations

from .errors import MissingIntegrationError

try:
    from pyinstrument_integrations.django import ProfilerMiddleware
except ModuleNotFoundError as error:
    # A Django that is missing has an error of its own, which names the extra too.
    if error.name != "pyinstrument_integrations":
        raise
    raise MissingIntegrationError("pyinstrument.middleware", "django") from error

__all__ = ["ProfilerMiddleware"]
