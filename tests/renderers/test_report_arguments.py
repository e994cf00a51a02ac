"""Options of reports, as people give them, become arguments of renderers."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pyinstrument_renderers.errors import MisconfigurationError
from pyinstrument_renderers.report_arguments import (
    AskedOptions,
    asked_arguments,
    default_arguments,
    glob_to_regex,
    merged_arguments,
    parse_render_options,
)
from pyinstrument_renderers.settings import Settings


@pytest.mark.parametrize(
    "given, expected",
    [
        (["a"], {"a": True}),
        (["a=1", "b=x", 'c="1"', "d=", "e=[1]", "f=a=b"],
         {"a": 1, "b": "x", "c": "1", "d": "", "e": [1], "f": "a=b"}),
        (["a.b.c=0", "a.d"], {"a": {"b": {"c": 0}, "d": True}}),
        (["a={\"b\": 1}", "a.c=2"], {"a": {"b": 1, "c": 2}}),
    ],
)  # fmt: skip
def test_render_options_are_json_or_text_and_dots_descend(
    given: list[str], expected: dict[str, Any]
) -> None:
    assert parse_render_options(given) == expected


@pytest.mark.parametrize("given", [["=1"], [""], ["a..b=1"], ["a=1", "a.b=2"]])
def test_render_options_that_make_no_sense_are_refused(given: list[str]) -> None:
    with pytest.raises(MisconfigurationError, match="-p"):
        parse_render_options(given)


def test_globs_match_paths_from_their_beginning() -> None:
    assert re.match(glob_to_regex("*/lib/*"), "/usr/lib/x.py")
    assert not re.match(glob_to_regex("lib/*"), "/usr/lib/x.py")


def test_what_is_asked_for_is_one_set_of_arguments() -> None:
    asked = AskedOptions(
        render_options=("processor_options.filter_threshold=0",), timeline=True, hide_regex="a"
    )
    assert asked_arguments(asked) == {
        "timeline": True,
        "processor_options": {"filter_threshold": 0, "hide_regex": "a"},
    }


def test_settings_give_way_to_what_is_asked_for() -> None:
    settings = Settings(timeline=True, hide_regex="a", show_regex="b", clock="cpu")
    assert default_arguments(AskedOptions(), settings) == {
        "timeline": True,
        "clock": "cpu",
        "processor_options": {"hide_regex": "a", "show_regex": "b"},
    }
    asked = AskedOptions(timeline=False, show_all=True, clock="wall")
    assert default_arguments(asked, settings) == {"processor_options": {"hide_regex": "a"}}


def test_a_renderer_gets_the_arguments_that_it_has() -> None:
    defaults = {"flat": True, "processor_options": {"hide_regex": "a"}}
    asked = {"timeline": True, "processor_options": {"show_regex": "b"}}
    merged = {"hide_regex": "a", "show_regex": "b"}
    assert merged_arguments(["timeline", "processor_options"], defaults, asked) == {
        "timeline": True,
        "processor_options": merged,
    }
    assert merged_arguments(None, defaults, asked) == {
        "flat": True,
        "timeline": True,
        "processor_options": merged,
    }
