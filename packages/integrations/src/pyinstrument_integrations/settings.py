"""What ``[tool.pyinstrument]`` and ``PYINSTRUMENT_*`` mean for tests, tasks and whole programs."""

from __future__ import annotations

from typing import Any

from pyinstrument_renderers import registry
from pyinstrument_renderers.errors import RendererError
from pyinstrument_renderers.report_arguments import (
    Asked,
    AskedOptions,
    default_arguments,
    merged_arguments,
)
from pyinstrument_renderers.settings import Settings

from .errors import InvalidSettingError
from .record_options import RecordOptions
from .report_format import ReportFormat

DEFAULT_FOLDER = ".profiles"


def record_options(settings: Settings, **given: Any) -> RecordOptions:
    """How to record: as *given*, else as set; a None says nothing.

    Raises ``InvalidSettingError``, also for an engine that cannot run here.
    """
    said = {
        "interval": settings.interval,
        "threads": settings.threads,
        "engine": settings.engine,
        **{name: value for name, value in given.items() if value is not None},
    }
    options = RecordOptions()._replace(
        **{name: value for name, value in said.items() if value is not None}
    )
    options.checked().check_engine()
    return options


def report_format(
    settings: Settings,
    renderer: str | None = None,
    asked: Asked = AskedOptions(),  # noqa: B008  # immutable
    **given: Any,
) -> ReportFormat:
    """A format with the options of the settings, and with those *given* that it has.

    Raises ``InvalidSettingError``.
    """
    try:
        name = registry.canonical_name(renderer or settings.renderer or "html")
        supported = registry.option_names(registry.renderer_class(name))
        arguments = {**given, **default_arguments(asked, settings)}
        return ReportFormat(name, merged_arguments(supported, arguments, {}))
    except RendererError as error:
        raise InvalidSettingError(str(error)) from error
