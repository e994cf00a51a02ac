"""https://www.speedscope.app/file-format-schema.json, the format of speedscope itself.

A *sampled* profile a thread: whole stacks in the order of time, one wherever it changes. As events,
calls that differ from one sample to the next would be much larger; speedscope shows the same.
"""

from __future__ import annotations

from json.encoder import encode_basestring_ascii as quote
from typing import TYPE_CHECKING, Iterator

from .option_checks import check_flags
from .tool_renderer import ClockToolRenderer, joined

if TYPE_CHECKING:
    from pyinstrument_model.session import Session
    from pyinstrument_model.stack_index import StackIndex

    from .thread_stacks import ThreadStacks

SCHEMA = "https://www.speedscope.app/file-format-schema.json"
KEPT_CHARACTERS = 4_000_000
"""Of stacks that were written: all of them can be as large as the file."""


class SpeedscopeRenderer(ClockToolRenderer[str]):
    """A profile a thread in the order of time, where samples with one stack that follow each other
    are one; times are nanoseconds."""

    output_file_extension = "speedscope.json"

    def __init__(
        self, show_all: bool = True, timeline: bool = True, *, clock: str = "wall"
    ) -> None:
        """
        Args:
            show_all: False leaves out frames that ask to be hidden and the import system's.
            timeline: False for each distinct stack once, which is smaller; speedscope's view
                "Left Heavy" is the same then.
            clock: ``"wall"``, or ``"cpu"`` to measure by CPU time.

        Raises ``MisconfigurationError``.
        """
        super().__init__(show_all=show_all, clock=clock)
        check_flags(type(self).__name__, timeline=timeline)
        self.timeline = timeline

    def parts(self, session: Session) -> Iterator[str]:

        threads = self.stacks(session)
        index = session.stack_index_of(self.clock)
        title = quote(session.target_description)
        yield (
            f'{{"$schema":{quote(SCHEMA)},"exporter":"pyinstrument","name":{title},'
            '"activeProfileIndex":0,"shared":{"frames":['
        )
        yield from joined(_frames(index), ",")
        yield ']},"profiles":['
        separator = ""
        numbers = [str(function) for function in range(len(index.functions.functions))]
        for stacks in threads:
            yield separator
            yield from self._profile(index, stacks, numbers)
            separator = ","
        if not separator:  # a file without a profile does not open
            yield f'{_head(title, 0)},"samples":[],"weights":[]}}'
        yield "]}"

    def _profile(
        self, index: StackIndex, stacks: ThreadStacks, numbers: list[str]
    ) -> Iterator[str]:
        nodes, weights = self._samples(index, stacks)
        yield _head(quote(stacks.name), sum(weights)) + ',"samples":['
        yield from joined(_stack_texts(stacks, nodes, numbers), ",")
        yield '],"weights":['
        yield from joined(map(str, weights), ",")
        yield "]}"

    def _samples(self, index: StackIndex, stacks: ThreadStacks) -> tuple[list[int], list[int]]:
        """Node and weight of each stretch of one stack; node 0 where nothing was recorded."""
        if not self.timeline:
            self_ns = stacks.self_ns()
            own = [node for node, spent in enumerate(self_ns) if spent]
            return own, [self_ns[node] for node in own]
        nodes: list[int] = []
        weights: list[int] = []

        def add(node: int, spent: int) -> None:
            if nodes and nodes[-1] == node:
                weights[-1] += spent
            else:
                nodes.append(node)
                weights.append(spent)

        if self.clock == "cpu":  # an order, but no time that could be waited
            for node, spent in zip(stacks.sample_node, stacks.sample_ns):
                add(node, spent)
            return nodes, weights
        now = 0
        starts = stacks.column(index.sample_column("start_ns"))
        for node, start, spent in zip(stacks.sample_node, starts, stacks.sample_ns):
            if start > now:
                add(0, start - now)
                now = start
            add(node, spent)
            now += spent
        return nodes, weights


def _head(name: str, end: int) -> str:
    return f'{{"type":"sampled","name":{name},"unit":"nanoseconds","startValue":0,"endValue":{end}'


def _frames(index: StackIndex) -> Iterator[str]:
    """Functions in the order of the index; last in it are threads, which no stack refers to."""
    from pyinstrument_model.functions import THREAD_FILE

    from .function_names import function_names

    for name, code in zip(function_names(index), index.functions.functions):
        if code.file == THREAD_FILE:
            return
        if code.kind.name == "PYTHON":
            line = f',"line":{code.first_line}' if code.first_line else ""
            yield f'{{"name":{quote(name)},"file":{quote(code.file)}{line}}}'
        else:
            yield f'{{"name":{quote(name)}}}'


def _stack_texts(stacks: ThreadStacks, nodes: list[int], numbers: list[str]) -> Iterator[str]:
    """``[outermost,…,innermost]`` of each stretch; the latest are kept: they may come again."""
    from .stack_path import StackPath

    path = StackPath(stacks, numbers)
    known: dict[int, str] = {}
    size = 0
    for node in nodes:
        text = known.get(node)
        if text is None:
            path.go_to(node)
            text = f"[{','.join(path.said)}]"
            size += len(text)
            if size > KEPT_CHARACTERS:
                known.clear()
                size = len(text)
            known[node] = text
        yield text
