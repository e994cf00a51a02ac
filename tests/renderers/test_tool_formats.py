"""What all formats for other tools promise: any name, any depth, any number of threads."""

from __future__ import annotations

import json
import marshal
import time
from array import array
from typing import Any, Callable

import pytest
from support.call_sessions import MAIN, Call
from support.made_up_sessions import MS, make_facts
from support.read_stacks import READERS, read_collapsed
from support.thread_sessions import AT_WORK

from pyinstrument_model.session import Session
from pyinstrument_renderers.errors import RendererError
from pyinstrument_renderers.registry import create_renderer, option_names, renderer_class
from pyinstrument_renderers.tool_renderer import ClockToolRenderer, ToolRenderer
from pyinstrument_sampler.recording import SampleTable
from pyinstrument_sampler.recording_builder import RecordingBuilder

NewSession = Callable[..., Session]
STACKS = [*READERS, "collapsed"]
FORMATS = [*STACKS, "pstats", "csv", "markdown"]
DEPTH = 100_000
GENEROUS_S = 20
"""Many times what it takes: fails where the cost is not linear, not where a machine is busy."""
HOSTILE = [
    "a\nb",
    "a;b",
    "a\"b'c\\d",
    "</script><!--",
    "a\0b",
    "",
    " ",
    "a 5",
    "caf\u00e9 \U0001f40d \u2028",
    "bytes \udce9",
    "half \ud800",
    "\x1b[31m",
    "=1+1",
    "__proto__",
]


@pytest.mark.parametrize("name", FORMATS)
def test_a_very_deep_stack_is_written(new_session: NewSession, name: str) -> None:
    start = time.perf_counter()
    session = new_session([([("descend", "/app/app.py", 1)] * DEPTH, 100)])

    content: Any = create_renderer(name).render(session)

    if name in ("speedscope", "pprof"):
        ((stack, spent),) = READERS[name](content).items()
        assert (len(stack), spent) == (DEPTH + 1, 100 * MS)
    elif name == "gecko":
        (thread,) = json.loads(content)["threads"]
        assert thread["stackTable"]["prefix"] == [None, *range(DEPTH - 1)]
        assert thread["samples"]["stack"] == [DEPTH - 1, None]
    elif name == "chrome-trace":
        events = json.loads(content)["traceEvents"]
        assert sum(event["ph"] == "X" for event in events) == DEPTH
    elif name == "pstats":
        key = ("/app/app.py", 1, "descend")
        assert marshal.loads(content)[key] == (0, 0, 0.1, 0.1, {key: (0, 0, 0.1, 0.1)})
    elif name == "collapsed":
        assert content.count(";") == DEPTH - 1
    assert time.perf_counter() - start < GENEROUS_S


def hostile_session() -> Session:
    builder = RecordingBuilder()
    for ident, name in enumerate(HOSTILE):
        builder.thread(100 + ident, name)
    stack = 0
    for place, name in enumerate(HOSTILE):
        frame = builder.frame(name, f"/app/{name}.py", 3, class_name=name)
        stack = builder.stack(stack, builder.location(frame, 4))
        builder.add_sample(stack, MS, thread=place)
    native = builder.location(builder.native_frame("x\ny", "</script>"))
    builder.add_sample(builder.stack(stack, native), MS)
    return Session(builder.build(make_facts(threads="all")), "</script>\n\ud800 `#")


@pytest.mark.parametrize("name", FORMATS)
def test_any_name_is_written_and_can_be_encoded(name: str) -> None:
    content = create_renderer(name).render(hostile_session())

    if isinstance(content, str):
        content.encode("utf-8", "surrogateescape" if name == "markdown" else "strict")


@pytest.mark.parametrize("name", STACKS)
def test_hostile_names_keep_their_stacks_apart(name: str) -> None:
    content = create_renderer(name).render(hostile_session())

    found = read_collapsed(content) if name == "collapsed" else READERS[name](content)  # type: ignore[arg-type]

    assert len(found) == len(HOSTILE) + 1
    assert sum(found.values()) == (len(HOSTILE) + 1) * MS


@pytest.mark.parametrize("name", STACKS)
def test_generated_code_is_kept_apart_by_its_class(new_session: NewSession, name: str) -> None:
    order, item = (Call("__init__", "<string>", 2, made, 3) for made in ("Order", "Item"))
    content: Any = create_renderer(name).render(
        new_session([([MAIN, order], 30), ([MAIN, item], 20), ([MAIN, order], 4)])
    )

    found = read_collapsed(content) if name == "collapsed" else READERS[name](content)

    by_name = {stack[-1].split(" ")[0]: spent // MS for stack, spent in found.items()}
    assert (len(found), by_name) == (2, {"Order.__init__": 34, "Item.__init__": 20})


@pytest.mark.parametrize("name", FORMATS)
def test_links_add_no_time(name: str) -> None:
    samples = AT_WORK.recording.samples
    linked = create_renderer(name).render(AT_WORK)

    if name in READERS:
        found = READERS[name](linked)
        assert sum(found.values()) == sum(samples.duration_ns)
        stacks = [stack for stack in found if "crunch" in stack[-1]]
        assert [stack[0] for stack in stacks] == ["ThreadPoolExecutor-0_0"]


@pytest.mark.parametrize("name", FORMATS)
def test_cost_follows_distinct_stacks(name: str) -> None:
    count = 200_000
    builder = RecordingBuilder()
    builder.thread(1, "MainThread")
    frames = [builder.frame(f"f{n}", "/app/app.py", n + 1) for n in range(100)]
    base = 0
    for frame in frames[:30]:
        base = builder.stack(base, builder.location(frame, 2))
    stacks = [builder.stack(base, builder.location(frame, 2)) for frame in frames]
    samples = SampleTable(
        stack=array("I", stacks * (count // 100)),
        start_ns=array("q", range(0, count * MS, MS)),
        duration_ns=array("q", [MS]) * count,
        ticks=array("I", [1]) * count,
        thread=array("I", [0]) * count,
        cpu_ns=array("q", [MS]) * count,
        state=array("B", [0]) * count,
    )
    session = Session(builder.build(make_facts(), samples=samples))
    start = time.perf_counter()

    assert create_renderer(name).render(session)

    assert time.perf_counter() - start < GENEROUS_S


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "markdown"])
def test_the_cost_of_a_thread_follows_what_it_did(name: str) -> None:
    count = 20_000
    builder = RecordingBuilder()
    for thread in range(count):
        frame = builder.frame(f"f{thread}", "/app/app.py", thread + 1)
        stack = builder.stack(0, builder.location(frame, thread + 1))
        builder.add_sample(stack, MS, thread=builder.thread(thread + 1, f"worker {thread}"))
    session = Session(builder.build(make_facts(threads="all")))
    start = time.perf_counter()

    assert create_renderer(name).render(session)

    assert time.perf_counter() - start < GENEROUS_S


@pytest.mark.parametrize("name", FORMATS)
def test_cpu_time_that_was_not_recorded_is_told_before_a_byte(
    new_session: NewSession, name: str
) -> None:
    options = option_names(renderer_class(name))
    assert options is not None
    if "clock" not in options:
        pytest.skip("always by elapsed time, with CPU time beside it")
    renderer: Any = create_renderer(name, {"clock": "cpu"})

    with pytest.raises(RendererError, match="this session has no CPU times: use 'wall'"):
        pieces = getattr(renderer, "parts", renderer.render)
        next(iter(pieces(new_session([("main", 1)]))))


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "markdown"])
def test_a_format_has_a_clock_where_its_options_have(name: str) -> None:
    found = renderer_class(name)

    assert issubclass(found, ToolRenderer)
    assert issubclass(found, ClockToolRenderer) is ("clock" in (option_names(found) or ()))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("speedscope", ("show_all", "timeline", "clock")),
        ("pstats", ("show_all", "clock")),
        ("collapsed", ("show_all", "clock")),
        ("pprof", ("show_all", "clock")),
        ("gecko", ("show_all",)),
        ("chrome-trace", ("show_all",)),
        ("markdown", ("show_all", "timeline", "processor_options", "token_budget", "clock")),
        ("csv", ("show_all", "clock")),
    ],
)
def test_the_options_of_each_format(name: str, options: tuple[str, ...]) -> None:
    assert option_names(renderer_class(name)) == options
