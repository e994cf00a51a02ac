"""https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU: trace events as
JSON, which Perfetto (https://ui.perfetto.dev) and ``chrome://tracing`` show as a timeline.
"""

from __future__ import annotations

from array import array
from json.encoder import encode_basestring_ascii as quote
from typing import TYPE_CHECKING, Iterator, NamedTuple

from .tool_renderer import ToolRenderer, joined

if TYPE_CHECKING:
    from pyinstrument_model.session import Session
    from pyinstrument_model.stack_index import StackIndex

    from .thread_stacks import ThreadStacks


class _Run(NamedTuple):
    """Slices, one inside the other, that began together and ended together."""

    first: int
    """Place of the outermost, in the order of all slices …"""
    stop: int
    """… and the one after the innermost."""
    begin_ns: int
    end_ns: int
    cpu_ns: int


class ChromeTraceRenderer(ToolRenderer[str]):
    """A track a thread, a slice a call: samples that share a path share its slices.

    Times are whole microseconds, rounded where a call begins and ends: as fractions, they would be
    added up with errors, and a slice that ends too late hides the next one.
    """

    output_file_extension = "trace.json"

    def parts(self, session: Session) -> Iterator[str]:
        yield '{"displayTimeUnit":"ms","traceEvents":[\n'
        yield from joined(self._events(session), ",\n")
        yield "\n]}\n"

    def _events(self, session: Session) -> Iterator[str]:
        from .function_names import function_labels
        from .thread_stacks import thread_stacks

        pid = session.facts.pid
        has_cpu = bool(session.facts.cpu_clock)
        yield _named("process_name", pid, 0, session.target_description or "python")
        names = [quote(label) for label in function_labels(session.stack_index)]
        threads = thread_stacks(session, show_all=self.show_all)
        for number, stacks in enumerate(threads, start=1):  # idents have fifteen digits
            yield _named("thread_name", pid, number, stacks.name)
            head = f'{{"ph":"X","pid":{pid},"tid":{number},"name":'
            functions, runs = _slices(session.stack_index, stacks)
            for first, stop, begin_ns, end_ns, cpu_ns in runs:
                begin = _microseconds(begin_ns)
                tail = f',"ts":{begin},"dur":{_microseconds(end_ns) - begin}'
                tail += f',"tdur":{_microseconds(cpu_ns)}}}' if has_cpu else "}"
                run = f"{tail},\n{head}".join([names[place] for place in functions[first:stop]])
                yield f"{head}{run}{tail}"


def _named(what: str, pid: int, tid: int, name: str) -> str:
    return (
        f'{{"ph":"M","name":"{what}","pid":{pid},"tid":{tid},"ts":0,'
        f'"args":{{"name":{quote(name)}}}}}'
    )


def _microseconds(time_ns: int) -> int:
    return (time_ns + 500) // 1000


def _slices(index: StackIndex, stacks: ThreadStacks) -> tuple[array[int], list[_Run]]:
    """The function of each slice, in the order in which they began, outer ones first; and when."""
    from .stack_path import StackPath

    functions = array("I")
    runs: list[_Run] = []
    open_runs: list[_Run] = []  # one inside the other; their ends are not known yet
    path = StackPath(stacks, range(1 + max(stacks.entry)))
    now = cpu_ns = 0

    def close(depth: int, kept: int) -> None:
        """Ends the innermost slices, until *kept* of *depth* are open."""
        while depth > kept:
            run = open_runs.pop()
            stays = max(0, kept - (depth - (run.stop - run.first)))
            first = run.first + stays
            runs.append(_Run(first, run.stop, run.begin_ns, now, cpu_ns - run.cpu_ns))
            depth -= run.stop - first
            if stays:
                open_runs.append(run._replace(stop=first))

    starts = stacks.column(index.sample_column("start_ns"))
    cpu_column = stacks.column(index.sample_cpu_ns)
    samples = zip(stacks.sample_node, starts, stacks.sample_ns, cpu_column)
    for node, start, spent, cpu in samples:
        depth = len(path.said)
        if start > now:  # the thread was not recorded in between
            close(depth, 0)
            depth = path.go_to(0)
            now = start
        kept = path.go_to(node)
        close(depth, kept)
        above = path.said[kept:]
        if above:
            first = len(functions)
            functions.extend(above)
            open_runs.append(_Run(first, len(functions), now, now, cpu_ns))
        now += spent
        cpu_ns += cpu
    close(len(path.said), 0)
    runs.sort()
    return functions, runs
