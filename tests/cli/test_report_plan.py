"""Which renderer each output gets, and with which options from where."""

from __future__ import annotations

import fnmatch
from typing import Any

import pytest

from pyinstrument.options import parse_options
from pyinstrument.report_plan import Output, plan_reports
from pyinstrument.standard_output import StandardOutput
from pyinstrument_renderers.settings import Settings

UNSET = Settings()


@pytest.fixture(autouse=True)
def folder(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def plan(*arguments: str, settings: Settings = UNSET) -> list[Output]:
    return plan_reports(parse_options([*arguments, "p.py"]), settings, StandardOutput())


def only(*arguments: str, settings: Settings = UNSET) -> Any:
    """The one renderer of a command line."""
    (output,) = plan(*arguments, settings=settings)
    return output.renderer


def names(*arguments: str, settings: Settings = UNSET) -> list[str]:
    return [output.name for output in plan(*arguments, settings=settings)]


@pytest.mark.parametrize(
    "arguments, expected",
    [
        ([], ["text"]),
        (["-r", "console"], ["text"]),
        (["-r", "pyisession"], ["session"]),
        (["-o", "a.json", "-o", "b", "-o", "c.PyiSession"], ["json", "text", "session"]),
        (["-r", "json", "-o", "a.txt"], ["json"]),
        (["-r", "json", "-o", "a.json", "-o", "b.json"], ["json", "json"]),
    ],
)
def test_the_renderer_is_the_named_one_or_that_of_the_suffix(
    arguments: list[str], expected: list[str]
) -> None:
    assert names(*arguments) == expected


def test_a_renderer_from_the_settings_is_for_standard_output_only() -> None:
    settings = Settings(renderer="json")
    assert names(settings=settings) == ["json"]
    assert names("-r", "text", settings=settings) == ["text"]
    assert names("-o", "a.txt", settings=settings) == ["text"]


def test_an_option_goes_to_every_output_that_has_it() -> None:
    text, json, _session = (
        output.renderer
        for output in plan("-t", "-o", "a.txt", "-o", "b.json", "-o", "c.pyisession")
    )
    assert [vars(renderer).get("timeline") for renderer in (text, json)] == [True, True]


def test_patterns_become_options_of_the_processors() -> None:
    options = only("--hide", "lib?", "--show-regex", "mine").processor_options
    assert options == {"hide_regex": fnmatch.translate("lib?"), "show_regex": "mine"}


def test_patterns_join_options_given_one_by_one() -> None:
    options = only("-p", "processor_options.filter_threshold=0", "--show", "x").processor_options
    assert options == {"filter_threshold": 0, "show_regex": fnmatch.translate("x")}


def test_settings_are_defaults_and_give_way_to_what_is_given() -> None:
    settings = Settings(hide="a", show_regex="b")
    assert only(settings=settings).processor_options == {
        "hide_regex": fnmatch.translate("a"),
        "show_regex": "b",
    }
    assert only("--hide-regex", "c", "--show", "d", settings=settings).processor_options == {
        "hide_regex": "c",
        "show_regex": fnmatch.translate("d"),
    }


def test_settings_that_a_renderer_does_not_have_are_left_out() -> None:
    settings = Settings(timeline=True, show_all=True, hide="a")
    assert names("-r", "session", settings=settings) == ["session"]
    assert only("--show", "x", settings=settings).show_all is False
    assert only(settings=settings).show_all is True


@pytest.mark.parametrize(
    "arguments, settings, expected",
    [
        (["-o", "a.txt"], UNSET, (True, False)),
        (["-o", "a.txt", "--color", "--no-unicode"], UNSET, (False, True)),
        ([], Settings(unicode=False, color=True), (False, True)),
        (["--unicode", "--no-color"], Settings(unicode=False, color=True), (True, False)),
    ],
)
def test_text_looks_as_it_is_asked_to_and_else_as_its_place_allows(
    arguments: list[str], settings: Settings, expected: tuple[bool, bool]
) -> None:
    renderer = only(*arguments, settings=settings)
    assert (renderer.unicode, renderer.color) == expected


def test_the_clock_is_an_option_or_a_setting() -> None:
    settings = Settings(clock="cpu")
    assert only(settings=settings).clock == "cpu"
    assert only("--clock", "wall", settings=settings).clock == "wall"
    assert only("--clock", "cpu", "-r", "json").clock == "cpu"
    assert names("-r", "session", settings=settings) == ["session"]
