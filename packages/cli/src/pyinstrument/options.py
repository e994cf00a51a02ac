"""The command line: what can be given, and what was.

optparse, since options must come before the program: all that follows it is the program's own.
"""

from __future__ import annotations

import sys
from optparse import SUPPRESS_HELP, IndentedHelpFormatter, Option, OptionGroup, OptionParser, Values
from typing import Any, NamedTuple, NoReturn, Sequence

from pyinstrument_renderers import registry
from pyinstrument_sampler.engines.selection import ENGINE_NAMES

from .errors import UsageError
from .target import Target, TargetKind

EXAMPLES = """\
Examples:
  pyinstrument script.py --its-own-option     profile a script, print the report
  pyinstrument -m pytest tests                profile a module
  pyinstrument -r html script.py              open the report in a browser
  pyinstrument -o run.html -o run.txt s.py    several reports of one run
  pyinstrument --load-prev ID --show-all      look at an earlier run again
"""


class Options(NamedTuple):
    """What was given on the command line; None where an option was not."""

    target: Target | None
    load: str | None
    load_prev: str | None
    version: bool
    outputs: tuple[str, ...]
    renderer: str | None
    render_options: tuple[str, ...]
    timeline: bool | None
    target_description: str | None
    hide: str | None
    hide_regex: str | None
    show: str | None
    show_regex: str | None
    show_all: bool | None
    source: bool | None
    unicode: bool | None
    color: bool | None
    interval: float | None
    threads: str | None
    engine: str | None
    clock: str | None
    use_timing_thread: bool

    @property
    def has_task(self) -> bool:
        """Whether there is anything to do but to print the help."""
        return self.version or any((self.target, self.load is not None, self.load_prev is not None))


def parse_options(arguments: Sequence[str]) -> Options:
    """Reads the command line. Raises ``UsageError``; prints the help and exits for ``--help``."""
    values, words = option_parser().parse_args(list(arguments))
    _refuse_conflicts(values, words)
    return Options(
        target=_target(values, words),
        load=values.load,
        load_prev=values.load_prev,
        version=bool(values.version),
        outputs=tuple(values.outputs or ()),
        renderer="html" if values.html else values.renderer,
        render_options=tuple(values.render_options or ()),
        timeline=values.timeline,
        target_description=values.target_description,
        hide=values.hide,
        hide_regex=values.hide_regex,
        show=values.show,
        show_regex=values.show_regex,
        show_all=values.show_all,
        source=values.source,
        unicode=values.unicode,
        color=values.color,
        interval=values.interval,
        threads=values.threads,
        engine=values.engine,
        clock=values.clock,
        use_timing_thread=bool(values.use_timing_thread),
    )


def help_text() -> str:
    """What ``--help`` prints."""
    return option_parser().format_help()


def _target(values: Values, words: list[str]) -> Target | None:
    rest = tuple(values.rest or ())
    if values.module is not None:
        return Target(TargetKind.MODULE, values.module, rest)
    if values.code is not None:
        return Target(TargetKind.CODE, values.code, rest)
    if not words:
        return None
    script = _find_in_path(words[0]) if values.from_path else words[0]
    return Target(TargetKind.SCRIPT, script, tuple(words[1:]))


def _find_in_path(name: str) -> str:
    import shutil

    found = shutil.which(name)
    if found is None:
        raise UsageError(f"--from-path: there is no program {name!r} in the folders of PATH")
    return found


def _refuse_conflicts(values: Values, words: list[str]) -> None:
    tasks = [
        name
        for name, is_given in (
            ("-m", values.module is not None),
            ("-c", values.code is not None),
            ("--load", values.load is not None),
            ("--load-prev", values.load_prev is not None),
            ("a script", bool(words)),
        )
        if is_given
    ]
    if len(tasks) > 1:
        raise UsageError(f"{' and '.join(tasks)} cannot be combined: give one of them")
    if values.from_path:
        if sys.platform == "win32":
            raise UsageError("--from-path does not work on Windows: give the path of the script")
        if not words:
            other = f"not of {tasks[0]}" if tasks else "so name one"
            raise UsageError(f"--from-path looks for a script, {other}")
    for one, other in (
        ("hide", "hide_regex"),
        ("show", "show_regex"),
        ("show_all", "show"),
        ("show_all", "show_regex"),
    ):
        if getattr(values, one) is not None and getattr(values, other) is not None:
            names = [f"--{name.replace('_', '-')}" for name in (one, other)]
            raise UsageError(f"{names[0]} and {names[1]} cannot be combined: give one of them")


class _Parser(OptionParser):
    def error(self, msg: str) -> NoReturn:
        raise UsageError(f"{msg}; pyinstrument --help lists the options")

    def format_option_help(self, formatter: Any = None) -> str:
        used = formatter or self.formatter
        used.store_option_strings(self)  # how wide the left column has to be
        return "\n".join(group.format_help(used) for group in self.option_groups)

    def format_epilog(self, formatter: Any) -> str:
        return f"\n{self.epilog}"  # as it is: optparse would fill it into one paragraph


def _swallow(option: Option, _name: str, value: str, parser: OptionParser) -> None:
    """Everything after ``-m MODULE`` or ``-c CODE`` belongs to the program."""
    values: Any = parser.values
    setattr(values, str(option.dest), value)
    values.rest = parser.rargs[:] if parser.rargs else []
    del parser.rargs[:]  # type: ignore[union-attr]  # it is a list while options are parsed


def option_parser() -> OptionParser:
    """The parser of the command line, with its options in groups."""
    parser = _Parser(
        prog="pyinstrument",
        usage="%prog [options] script [arg ...]\n"
        "       %prog [options] -m module [arg ...]\n"
        "       %prog [options] -c code [arg ...]\n"
        "       %prog [options] --load file | --load-prev id",
        description="Runs a Python program and shows where its time went. The script may be a "
        "file, a folder or archive with a __main__.py, or - for standard input.",
        epilog=EXAMPLES,
        formatter=IndentedHelpFormatter(max_help_position=30, width=None),
        add_help_option=False,
    )
    parser.disable_interspersed_args()
    parser.set_defaults(rest=None)
    _add_program_options(parser)
    _add_output_options(parser)
    _add_filter_options(parser)
    _add_sampling_options(parser)
    parser.add_option("--html", action="store_true", help=SUPPRESS_HELP)
    return parser


def _add_program_options(parser: OptionParser) -> None:
    group = OptionGroup(parser, "What to look at")
    add = group.add_option
    add("-m", dest="module", metavar="MODULE", action="callback", callback=_swallow, type="string",
        help="run a module, like 'python -m'")  # fmt: skip
    add("-c", dest="code", metavar="CODE", action="callback", callback=_swallow, type="string",
        help="run a string of code, like 'python -c'")  # fmt: skip
    add("--from-path", action="store_true",
        help="look for the script in the folders of PATH (not on Windows)")  # fmt: skip
    add("--load", metavar="FILE", help="run nothing: show the session in a .pyisession file")
    add("--load-prev", metavar="ID",
        help="run nothing: show an earlier run; its id stands below its report")  # fmt: skip
    add("-h", "--help", action="help", help="show this help and exit")
    add("--version", action="store_true", help="show the version and exit")
    parser.add_option_group(group)


def _add_output_options(parser: OptionParser) -> None:
    group = OptionGroup(parser, "Where and how to report")
    add = group.add_option
    add("-o", "--outfile", dest="outputs", action="append", metavar="FILE",
        help="write the report to a file; its suffix tells the format: "
        f"{', '.join(registry.NAME_BY_SUFFIX)}. May be given several times, for several reports "
        "of one run",
        )  # fmt: skip
    add("-r", "--renderer", metavar="NAME",
        help=f"format of the report: {', '.join(registry.BUILT_IN)}, or the import path of a "
        "renderer class (default: by the suffix of the file, else text)")  # fmt: skip
    add("-p", "--render-option", dest="render_options", action="append", metavar="KEY=VALUE",
        help="set an option of the renderer, like -p time=percent_of_total or "
        "-p processor_options.filter_threshold=0; may be given several times")  # fmt: skip
    add("-t", "--timeline", action="store_true",
        help="keep calls in order, and apart, instead of adding them up")  # fmt: skip
    add("--clock", type="choice", choices=("wall", "cpu"), metavar="wall|cpu",
        help="measure and order by elapsed time, or by CPU time (default: wall)")  # fmt: skip
    add("--target-description", metavar="TEXT",
        help="title of the report; '{args}' stands for the program and its arguments "
        "(default: 'Program: {args}')")  # fmt: skip
    add("--unicode", action="store_true", help="draw the text report's tree with lines")
    add("--no-unicode", action="store_false", dest="unicode", help="draw it in plain ASCII")
    add("--color", action="store_true", help="colour the text report")
    add("--no-color", action="store_false", dest="color", help="do not colour it")
    parser.add_option_group(group)


def _add_filter_options(parser: OptionParser) -> None:
    group = OptionGroup(
        parser, "What to leave out", "Frames of libraries are folded up unless you say otherwise."
    )
    add = group.add_option
    add("--hide", metavar="GLOB", help="fold up frames whose file path matches")
    add("--hide-regex", metavar="REGEX", help="the same with a regular expression")
    add("--show", metavar="GLOB",
        help="show frames whose file path matches, like '*/requests/*', whatever --hide says",
        )  # fmt: skip
    add("--show-regex", metavar="REGEX", help="the same with a regular expression")
    add("--show-all", action="store_true", help="show everything")
    add("--no-source", action="store_false", dest="source",
        help="put no line of source code into a report")  # fmt: skip
    parser.add_option_group(group)


def _add_sampling_options(parser: OptionParser) -> None:
    group = OptionGroup(parser, "How to sample")
    add = group.add_option
    add("-i", "--interval", type="float", metavar="SECONDS",
        help="time between samples, 0.0001 to 10 (default: 0.001)")  # fmt: skip
    add("--threads", type="choice", choices=("current", "all"), metavar="current|all",
        help="profile the main thread only, or all threads that run Python, each with a tree of "
        "its own (default: current)")  # fmt: skip
    add("--engine", type="choice", choices=ENGINE_NAMES, metavar="NAME",
        help=f"way to sample: {', '.join(ENGINE_NAMES)}; if the one that is named cannot run "
        "here, neither does the program (default: auto, the best that can)")  # fmt: skip
    add("--use-timing-thread", action="store_true", help="deprecated, has no effect")
    parser.add_option_group(group)
