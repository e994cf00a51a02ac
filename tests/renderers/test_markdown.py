"""The report for pull requests and language models."""

from __future__ import annotations

from typing import Any, Callable

import pytest
from support.call_sessions import CONVERT, Call
from support.thread_sessions import AT_WORK

from pyinstrument_model.session import Session
from pyinstrument_renderers.errors import MisconfigurationError, RendererError
from pyinstrument_renderers.markdown import MarkdownRenderer
from pyinstrument_renderers.markdown.budget import cut_middle, tokens
from pyinstrument_renderers.markdown.quoting import cell, code, code_block

NewSession = Callable[..., Session]

WHOLE = """\
# Profile of `Program: app.py`

- 1.000 s, 0.250 s of CPU time, 1000 samples, CPython 3.12.1 on linux x86_64, 2023-11-14 22:13:20 UTC
- `Sampled every 1 ms; reference is the best engine available here`

## Call tree

Seconds, function, file and line of its definition.

```text
1.000 <module>  app.py:1
`- 0.997 main  app.py:20
   |- 0.750 Worker.work  app.py:3
   |  |- 0.400 [self]  app.py
   |  `- 0.350 time.sleep  <built-in>
   |- 0.180 dumps  json/__init__.py:183
   |     [2 frames hidden]  json
   `- 0.067 [self]  app.py
```

## Hottest lines

Time in which a line was the innermost one of the application's own code.

| seconds | share | line | function | source |
|---:|---:|---|---|---|
| 0.650 | 65.0% | `app.py:5` | `Worker.work` | `total += step(item)` |
| 0.247 | 24.7% | `app.py:21` | `main` |  |
| 0.100 | 10.0% | `app.py:6` | `Worker.work` | `time.sleep(0.1)` |
"""  # noqa: E501  # a report's lines are as long as what they say


def test_the_whole_report(example: Session) -> None:
    assert MarkdownRenderer().render(example) == WHOLE


def test_each_thread_has_a_tree_and_short_ones_are_mentioned() -> None:
    text = MarkdownRenderer().render(AT_WORK)

    assert "\n\n2.012 ThreadPoolExecutor-0_0\n`- 2.012 worker  pool.py:1\n" in text
    assert "\n      |     |  [ran in ThreadPoolExecutor-0_0: 0.512 s]\n" in text
    assert "\n\nShort threads, 0.010 s together: left out\n```\n" in text


def test_cpu_time_when_asked_for() -> None:
    text = MarkdownRenderer(clock="cpu").render(AT_WORK)

    assert "- `Times are CPU time: what was waited for is not in them`\n" in text
    assert "0.495 work  app.py:1" in text
    assert "time.sleep  <built-in>  waiting" not in text


def test_an_empty_session_says_so(new_session: NewSession) -> None:
    text = MarkdownRenderer().render(new_session([]))

    assert text.endswith("\n\nNo samples were recorded.\n")


@pytest.mark.parametrize("budget", [1, 200, 500, 1000, 3000])
@pytest.mark.parametrize("show_all", [False, True])
@pytest.mark.parametrize("breadth", [1, 300])
def test_the_budget_is_kept_as_far_as_facts_allow(
    new_session: NewSession, budget: int, show_all: bool, breadth: int
) -> None:
    samples = [(f"main a{n} b{n} c{n} lib{n}:d", 10 + n) for n in range(breadth)]
    session = new_session([*samples, (["main"] and "main " + "deep " * 300 + "end", 5)])

    text = MarkdownRenderer(token_budget=budget, show_all=show_all).render(session)

    assert tokens(text.splitlines()) <= max(budget, 180)


def test_a_tree_that_is_too_long_is_pruned_rather_than_cut(new_session: NewSession) -> None:
    samples = [(f"main large{n // 8} small{n}", 100 + n) for n in range(40)]

    whole = MarkdownRenderer(token_budget=None).render(new_session(samples))
    short = MarkdownRenderer(token_budget=500).render(new_session(samples))

    assert whole.count("small") == 40
    assert (short.count("large"), short.count("small"), short.count("left out")) == (5, 0, 0)


@pytest.mark.parametrize(("threshold", "count"), [(0.1, 1), (0.5, 0)])
def test_pruning_for_the_budget_is_never_finer_than_what_was_asked_for(
    new_session: NewSession, threshold: float, count: int
) -> None:
    # The chain is too long for the budget, however much is pruned.
    session = new_session([(f"main {'deep ' * 100}large", 700), ("main small", 300)])

    text = MarkdownRenderer(
        token_budget=500, processor_options={"filter_threshold": threshold}
    ).render(session)

    assert text.count("0.300 small") == count


def test_a_deep_stack_keeps_both_ends(new_session: NewSession) -> None:
    session = new_session([(f"main {'descend ' * 5000}work", 100)])

    text = MarkdownRenderer(token_budget=400).render(session)

    assert "main  app.py" in text
    assert "work  app.py" in text
    assert " lines left out ...\n" in text


def test_code_run_from_a_string_is_its_callers(new_session: NewSession) -> None:
    main, string = ("main", "/app/app.py", 1, "", 7), ("<module>", "<string>", 1, "", 3)
    library = ("run", "/usr/lib/python3/lib.py", 1, "", 4)
    session = new_session([([main, string], 60), ([main, library, string], 40)])

    text = MarkdownRenderer().render(session)

    assert text.endswith(
        "| 0.060 | 60.0% | `<string>:3` | `<module>` |  |\n"
        "| 0.040 | 40.0% | `app.py:7` | `main` |  |\n"
    )


def test_what_ran_the_program_has_no_hot_lines(new_session: NewSession) -> None:
    launcher = Call("<module>", "/app/bin/pyinstrument", 1, line=8)
    command = Call("main", "/app/src/pyinstrument/cli/app.py", 30, line=40)
    module = Call("<module>", "/usr/lib/python3/timeit.py", 1, line=380)
    inner = Call("inner", "<string>", 1, line=6)
    library = ((launcher, command, module, inner), 60), ((launcher, command, module), 30)

    alone = MarkdownRenderer().render(new_session(library, stem=2))
    called = MarkdownRenderer().render(
        new_session([*library, ((launcher, command, module, CONVERT), 10)], stem=2)
    )

    assert "bin/pyinstrument:8" not in alone
    assert called.endswith(
        "|---:|---:|---|---|---|\n| 0.010 | 10.0% | `app.py:41` | `convert` |  |\n"
    )


def test_names_and_source_cannot_be_taken_for_markdown(new_session: NewSession) -> None:
    session = new_session(
        [([("```f|g", "/app/<!--.py", 1, "", 5)], 100)],
        title="# `a` </script>\n\n![x](y)",
        sources={"/app/<!--.py": {5: "```` | x"}},
    )

    text = MarkdownRenderer().render(session)

    assert text.startswith("# Profile of ``# `a` </script>\\n\\n![x](y)``\n")
    assert "\n````text\n0.100 ```f|g  <!--.py:1\n````\n" in text
    assert text.endswith(
        "| 0.100 | 100.0% | `<!--.py:5` | ```` ```f\\|g ```` | ````` ```` \\| x ````` |\n"
    )


def test_quoting() -> None:
    assert [code("a"), code("`"), code(""), code(" ")] == ["`a`", "`` ` ``", "`  `", "`   `"]
    assert cell("a|b") == "a\\|b"
    assert code_block(["a"]) == ["```text", "a", "```"]
    assert code_block(["````"]) == ["`````text", "````", "`````"]


def test_lines_are_cut_from_the_middle() -> None:
    lines = [f"{n:02}" for n in range(30)]

    assert cut_middle(lines, 100) == lines
    assert cut_middle(lines, 20) == [*lines[:7], "... 19 lines left out ...", *lines[26:]]
    assert cut_middle(lines, 0) == ["00", "... 29 lines left out ..."]


@pytest.mark.parametrize("value", [0, -1, True, "many", 1.5])
def test_a_wrong_budget_is_refused(value: Any) -> None:
    with pytest.raises(MisconfigurationError) as caught:
        MarkdownRenderer(token_budget=value)

    assert str(caught.value) == (
        f"MarkdownRenderer: option 'token_budget' must be a number of tokens above 0, not {value!r}"
    )


def test_cpu_time_that_was_not_recorded_is_an_error(example: Session) -> None:
    with pytest.raises(RendererError, match="this session has no CPU times: use 'wall'"):
        MarkdownRenderer(clock="cpu").render(example)
