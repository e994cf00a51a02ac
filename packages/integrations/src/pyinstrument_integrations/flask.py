"""``FlaskProfiler``: an extension that profiles the requests of a Flask application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .extras import missing_extra
from .web_settings import WebSettings, tell_of_unknown
from .wsgi import ProfilerMiddleware
from .wsgi_responses import Environ

try:
    from flask import Flask
except ImportError as error:
    raise missing_extra("flask", error) from error

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .web_settings import WebOptions

__all__ = ["FlaskProfiler"]

PREFIX = "PYINSTRUMENT_"


class FlaskProfiler:
    """``FlaskProfiler(app)``, or ``FlaskProfiler()`` and later its ``init_app(app)``.

    Options may also be in the application's config, in capitals: ``PYINSTRUMENT_PROFILE_DIR``.
    ``allow`` and ``when`` are called with a Flask request, outside of any application context; its
    body is left for the application.
    """

    def __init__(self, app: Flask | None = None, **options: Unpack[WebOptions]) -> None:
        """
        Args:
            app: The application, if there is one already.
            **options: As of :class:`~.web_settings.WebSettings`; they go before the config.
        """
        self._options = options
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Profiles an application. Raises ``InvalidSettingError`` or ``TypeError``."""
        config: dict[str, Any] = {
            name: app.config[PREFIX + name.upper()]
            for name in WebSettings._fields
            if PREFIX + name.upper() in app.config
        }
        known = [name.upper() for name in WebSettings._fields]
        tell_of_unknown(PREFIX, app.config, known)
        config.update(self._options)
        # Around the application, so that its own before- and after-functions are profiled too.
        middleware: Any = _FlaskMiddleware(app, config)
        app.wsgi_app = middleware  # type: ignore[method-assign]  # what Flask provides for this
        app.extensions["pyinstrument"] = self


class _FlaskMiddleware(ProfilerMiddleware):
    def __init__(self, app: Flask, options: Any) -> None:
        super().__init__(app.wsgi_app, **options)
        self._flask = app

    def _request(self, environ: Environ) -> Any:
        # Without leaving it in the environ: the application makes its own, which has the route.
        # A shallow one refuses to read the body, which can be read only once.
        return self._flask.request_class(environ, populate_request=False, shallow=True)

    def _is_debug(self) -> bool:
        return self._flask.debug is True
