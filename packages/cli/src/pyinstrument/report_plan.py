"""Decides, before the program runs, which reports its run will get, and with which options.

An option belongs to every output whose renderer has it; one that none of them has is an error. A
default from the settings goes where it fits.
"""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from pyinstrument_renderers import registry
from pyinstrument_renderers.errors import MisconfigurationError, RendererError
from pyinstrument_renderers.interface import Renderer
from pyinstrument_renderers.report_arguments import (
    asked_arguments,
    default_arguments,
    merged_arguments,
)
from pyinstrument_renderers.settings import Settings
from pyinstrument_renderers.terminal import supports_color, supports_unicode, terminal_width

from .errors import UsageError
from .options import Options
from .standard_output import StandardOutput
from .target import Target, TargetKind


class Output(NamedTuple):
    """One report to be written."""

    path: str | None
    """Absolute, so that the program may change its working directory; None: standard output."""
    name: str
    """Of the renderer."""
    renderer: Renderer

    @property
    def is_text_on_stdout(self) -> bool:
        """Whether this is the text report that everybody sees first."""
        return self.path is None and self.name == "text"


def plan_reports(options: Options, settings: Settings, stdout: StandardOutput) -> list[Output]:
    """The reports to write. Raises ``UsageError``."""
    wanted = _names(options, settings)
    try:
        asked = asked_arguments(options)
        supported = {
            name: registry.option_names(registry.renderer_class(name)) for _, name in wanted
        }
        _refuse_unsupported(asked, supported)
        return [
            Output(
                path, name, _create(name, path, asked, options, settings, stdout, supported[name])
            )
            for path, name in wanted
        ]
    except (RendererError, MisconfigurationError, TypeError) as error:
        raise UsageError(str(error)) from error


def _names(options: Options, settings: Settings) -> list[tuple[str | None, str]]:
    """Path and renderer name of each output."""
    if not options.outputs:
        name = settings.renderer or "text" if options.renderer is None else options.renderer
        return [(None, registry.canonical_name(name))]
    wanted: list[tuple[str | None, str]] = []
    for given in options.outputs:
        by_suffix = registry.renderer_name_for_path(given)
        name = by_suffix if options.renderer is None else options.renderer
        name = registry.canonical_name(name)
        if len(options.outputs) > 1 and name != by_suffix:
            raise UsageError(
                f"-r {options.renderer} does not fit {given!r}: with several -o, the suffix of "
                "each file tells its format"
            )
        path = os.path.abspath(given)
        if any(os.path.realpath(path) == os.path.realpath(str(other)) for other, _ in wanted):
            raise UsageError(f"-o {given!r} is given twice")
        _check_writable(given, path)
        if options.target is not None and _is_program(path, options.target):
            raise UsageError(f"-o {given!r} is the program itself: give the report another name")
        wanted.append((path, name))
    return wanted


def _check_writable(given: str, path: str) -> None:
    if not given:
        raise UsageError("-o '' is no file name: give one")
    if os.path.isdir(path):
        raise UsageError(f"-o {given!r} is a folder: give the name of a file")
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        raise UsageError(f"-o {given!r}: there is no folder {folder!r}")


def _is_program(path: str, target: Target) -> bool:
    is_script = target.kind is TargetKind.SCRIPT
    return is_script and os.path.realpath(path) == os.path.realpath(target.program)


def _refuse_unsupported(
    asked: dict[str, Any], supported: dict[str, tuple[str, ...] | None]
) -> None:
    for option in asked:
        if not any(has is None or option in has for has in supported.values()):
            names = " nor ".join(supported)
            valid = sorted({known for has in supported.values() for known in has or ()})
            raise UsageError(
                f"renderer {names} has no option {option!r}{_where_it_comes_from(option)}; "
                f"its options are: {', '.join(valid) or 'none'}"
            )


def _where_it_comes_from(option: str) -> str:
    flags = {
        "timeline": " (-t)",
        "show_all": " (--show-all)",
        "clock": " (--clock)",
        "processor_options": " (--hide, --show and the like)",
    }
    return flags.get(option, "")


def _create(
    name: str,
    path: str | None,
    asked: dict[str, Any],
    options: Options,
    settings: Settings,
    stdout: StandardOutput,
    supported: tuple[str, ...] | None,
) -> Renderer:
    given = _appearance(path, options, settings, stdout) if name == "text" else {}
    given.update(default_arguments(options, settings))
    renderer = registry.create_renderer(name, merged_arguments(supported, given, asked))
    if path is None and stdout.is_terminal and getattr(renderer, "output_is_binary", False):
        raise UsageError(
            f"renderer {name!r} writes binary data, which does not belong on a terminal: "
            "use -o FILE, or redirect the output"
        )
    return renderer


def _appearance(
    path: str | None, options: Options, settings: Settings, stdout: StandardOutput
) -> dict[str, Any]:
    """How a text report looks where it goes."""
    unicode = settings.unicode if options.unicode is None else options.unicode
    color = settings.color if options.color is None else options.color
    if path is not None:  # UTF-8, and colour only if asked for
        return {"unicode": unicode is not False, "color": bool(options.color)}
    return {
        "unicode": supports_unicode(stdout.stream) if unicode is None else unicode,
        "color": supports_color(stdout.stream) if color is None else color,
        "width": terminal_width(stdout.stream),
    }
