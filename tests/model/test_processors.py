"""Each processor does what the shared cases say; options are checked when they are given."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from support.made_up_sessions import small_session
from support.plain_trees import tree_from_plain, tree_to_plain

from pyinstrument_model import OptionError, ProcessorOptions, processors

FOLDER = Path(__file__).parents[1] / "cases" / "processors"


def read_cases() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        for case in content["cases"]:
            name = f"{content['processor']}: {case['name']}"
            found.append(pytest.param(content["processor"], case, id=name))
    return found


@pytest.mark.parametrize(("processor", "case"), read_cases())
def test_a_processor_turns_the_input_into_the_expected_tree(
    processor: str, case: dict[str, Any]
) -> None:
    tree = tree_from_plain(case["input"], case["session"])
    tree.self_check()
    options = ProcessorOptions.of(case.get("options"))
    result = getattr(processors, processor)(tree, options)
    result.self_check()
    assert tree_to_plain(result) == case["expected"]


def test_every_processor_has_cases() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == {
        processor.__name__ for processor in processors.default_processors()
    }


@pytest.mark.parametrize("processor", processors.default_processors())
def test_a_tree_without_anything_stays_so(processor: processors.Processor) -> None:
    tree = tree_from_plain(None, {})
    assert tree_to_plain(processor(tree, ProcessorOptions())) is None


def names(chain: list[processors.Processor]) -> list[str]:
    return [processor.__name__ for processor in chain]


def test_the_default_chain_is_in_order() -> None:
    assert names(processors.default_processors()) == [
        "remove_importlib",
        "remove_tracebackhide",
        "merge_consecutive_self_time",
        "aggregate_repeated_calls",
        "remove_irrelevant_nodes",
        "remove_unnecessary_self_time_nodes",
        "remove_first_pyinstrument_frames_processor",
        "group_library_frames_processor",
    ]


def test_show_all_and_timeline_leave_out_what_hides_and_what_sums() -> None:
    assert names(processors.default_processors(show_all=True, timeline=True)) == [
        "merge_consecutive_self_time",
        "remove_unnecessary_self_time_nodes",
        "remove_first_pyinstrument_frames_processor",
    ]


def test_a_chain_is_the_callers_to_change() -> None:
    processors.default_processors().clear()
    assert len(processors.default_processors()) == 8


def test_options_are_a_plain_mapping_to_callers() -> None:
    options = {"filter_threshold": 0, "hide_regex": ".*/lib/", "show_regex": re.compile("x")}
    assert ProcessorOptions.of(options) == ProcessorOptions(
        filter_threshold=0.0, hide_regex=re.compile(".*/lib/"), show_regex=re.compile("x")
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"filter_treshold": 0},
            "unknown processor option 'filter_treshold'; there are filter_threshold, hide_regex, "
            "show_regex",
        ),
        ({"filter_threshold": "0.1"}, "filter_threshold is '0.1'; it is a share of the total time"),
        ({"filter_threshold": -1}, "filter_threshold is -1; it is a share of the total time"),
        ({"filter_threshold": float("nan")}, "filter_threshold is nan; it is a share"),
        ({"filter_threshold": True}, "filter_threshold is True; it is a share"),
        ({"hide_regex": "(a"}, "hide_regex '(a' is no regular expression: missing ), unterminated"),
        ({"show_regex": 5}, "show_regex is 5; it is a regular expression, as text"),
    ],
)
def test_options_that_cannot_be_are_refused_by_name(options: dict[str, Any], message: str) -> None:
    with pytest.raises(OptionError, match=re.escape(message)):
        small_session().call_tree(options=options)
    assert issubclass(OptionError, ValueError)


def test_members_of_a_group_are_in_the_order_of_the_tree() -> None:
    def library(name: str, *children: dict[str, Any]) -> dict[str, Any]:
        file = f"/usr/lib/python3.12/{name}.py"
        return {"function": name, "file": file, "total_ns": 1, "children": list(children)}

    plain = library("root", library("a", library("b", library("c")), library("d")))
    tree = tree_from_plain(plain, {"sys_prefixes": ["/usr"]})
    assert tree.root is not None
    processors.group_library_frames_processor(tree, ProcessorOptions())
    group = tree.root.children[0].group
    assert group is not None
    assert [node.function for node in group.frames] == ["a", "b", "c", "d"]
