"""The ``pyinstrument`` command: the only place that prints errors and decides the exit status."""

from __future__ import annotations

import os
import sys
from typing import Mapping, Sequence

from pyinstrument_renderers.errors import SettingsError
from pyinstrument_renderers.report_store import ReportStore, open_report_store
from pyinstrument_renderers.settings import Settings, load_settings

from .errors import UsageError
from .option_values import check_interval, format_description
from .options import Options, help_text, parse_options
from .profiled_run import ProfiledRun
from .report_plan import plan_reports
from .reports import Reporter
from .standard_output import StandardOutput
from .target import Target

DEFAULT_INTERVAL = 0.001
DEFAULT_DESCRIPTION = "Program: {args}"
USAGE_STATUS = 2
_USELESS_VARIABLES = ("PYINSTRUMENT_IGNORE_OVERHEAD_WARNING", "PYINSTRUMENT_USE_SIGNAL")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status, or raises what the profiled program raised."""
    try:
        options = parse_options(sys.argv[1:] if arguments is None else arguments)
        if options.version:
            print(f"pyinstrument {_version()}, on Python {sys.version.split()[0]}")
            return 0
        if not options.has_task:
            print(help_text(), end="")
            return USAGE_STATUS
        settings = load_settings()
        if options.target is None:
            return _show_saved(options, settings)
        run = _prepare_run(options.target, options, settings)
    except (UsageError, SettingsError) as error:
        _complain(f"error: {error}")
        return USAGE_STATUS
    # Outside of the block above: what the program raises is not ours to catch.
    run.execute().leave(reports_written=not run.failed)
    return 0


def _show_saved(options: Options, settings: Settings) -> int:
    from .load import load_previous, load_session

    _note_what_only_a_run_uses(options)
    store = open_report_store(settings)
    reporter = _reporter(options, settings, store)
    if options.load is not None:
        session = load_session(options.load)
    else:
        session = load_previous(str(options.load_prev), store)
    return 0 if reporter.write(session) else USAGE_STATUS


def _prepare_run(target: Target, options: Options, settings: Settings) -> ProfiledRun:
    """Checks everything that can be wrong before the program runs."""
    run = ProfiledRun(
        target,
        interval=_interval(options, settings),
        threads=options.threads or settings.threads or "current",
        engine=options.engine or settings.engine or "auto",
        description=_description(options, settings, target.words),
        reporter=_reporter(options, settings, open_report_store(settings)),
    )
    _note_what_has_no_effect(options, os.environ)
    return run


def _interval(options: Options, settings: Settings) -> float:
    if options.interval is not None:
        return check_interval("--interval", options.interval)
    if settings.interval is not None:
        return check_interval("the setting interval", settings.interval)
    return DEFAULT_INTERVAL


def _description(options: Options, settings: Settings, words: Sequence[str]) -> str:
    if options.target_description is not None:
        return format_description("--target-description", options.target_description, words)
    template = settings.target_description
    if template is None:
        template = DEFAULT_DESCRIPTION
    return format_description("the setting target-description", template, words)


def _reporter(options: Options, settings: Settings, store: ReportStore | None) -> Reporter:
    stdout = StandardOutput()
    if store is not None:  # the program may change its working directory
        store.folder = os.path.abspath(store.folder)
    outputs = plan_reports(options, settings, stdout)
    may_show_source = options.source is None and settings.source is not False
    return Reporter(outputs, stdout, store, _complain, may_show_source=may_show_source)


def _note_what_only_a_run_uses(options: Options) -> None:
    given = {
        "--interval": options.interval is not None,
        "--threads": options.threads is not None,
        "--engine": options.engine is not None,
        "--target-description": options.target_description is not None,
        "--use-timing-thread": options.use_timing_thread,
    }
    names = ", ".join(name for name, is_given in given.items() if is_given)
    if names:
        task = "--load-prev" if options.load is None else "--load"
        _complain(f"warning: no effect together with {task}, which runs nothing: {names}")


def _note_what_has_no_effect(options: Options, environ: Mapping[str, str]) -> None:
    given = ["--use-timing-thread"] if options.use_timing_thread else []
    given += [name for name in _USELESS_VARIABLES if environ.get(name)]
    if given:
        _complain(
            f"note: {', '.join(given)} is deprecated and has no effect: "
            "no clock is read for every event any more"
        )


def _complain(message: str) -> None:
    try:
        if sys.stderr is not None:
            print(f"pyinstrument: {message}", file=sys.stderr, flush=True)
    except (OSError, ValueError):  # the program has closed it, or nobody reads it
        pass


def _version() -> str:
    from . import __version__

    return __version__
