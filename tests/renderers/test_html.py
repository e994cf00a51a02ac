"""HTML reports: one page that holds the session whole, allows nothing but its own script, and
starts where the options say. What the page does is tested in a browser, in tests/frontend.
"""

from __future__ import annotations

import re
import webbrowser
from pathlib import Path
from typing import Any, Callable

import pytest
from support.hostile_names import HOSTILE_NAMES, named_session
from support.html_pages import Page, policy_hash
from support.made_up_sessions import MS, make_facts, small_session

from pyinstrument_model import Session, processors
from pyinstrument_renderers.errors import MisconfigurationError, OutputError, RendererError
from pyinstrument_renderers.html import HTMLRenderer, viewer
from pyinstrument_sampler.recording_builder import RecordingBuilder

VIEWER = {
    "loader.js": "unpack('·')",
    "app.js": "open('· </script>')",
    "app.css": "p::before{content:'…'}",
}
LEGACY = sorted((Path(__file__).parents[1] / "cases" / "sessions").glob("*.pyisession"))


@pytest.fixture(autouse=True)
def small_viewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tested here is around the viewer, which need not have been built."""
    files = {name: text.encode() for name, text in VIEWER.items()}
    monkeypatch.setattr("pkgutil.get_data", lambda package, name: files[name.rpartition("/")[2]])


def page_of(session: Session, **options: Any) -> Page:
    return Page(HTMLRenderer(**options).render(session))


def test_the_session_is_in_the_page_as_it_was_recorded(example: Session) -> None:
    assert page_of(example).session == example


def test_the_page_is_a_complete_document_in_ascii(example: Session) -> None:
    page = HTMLRenderer().render(example)
    assert page.startswith('<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">')
    assert page.endswith("</html>\n")
    assert page.isascii()
    assert Page(page).text("title") == "Program: app.py · 1 s · pyinstrument"
    assert "JavaScript" in Page(page).text("noscript")


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_whatever_things_are_called_the_page_is_the_same(name: str) -> None:
    text = HOSTILE_NAMES[name]
    found, usual = page_of(named_session(text)), page_of(named_session("plain"))
    assert found.session == named_session(text)
    assert [tag for tag, _ in found.elements] == [tag for tag, _ in usual.elements]
    assert found.texts("script") == usual.texts("script")
    assert found.packed("report-script") == usual.packed("report-script")
    assert found.policy == usual.policy


def test_a_title_is_text_and_nothing_else() -> None:
    title = page_of(named_session("</title><b>&amp;\0\udce9")).text("title")
    assert title == "</title><b>&amp;\ufffd\ufffd · 10 ms · pyinstrument"
    assert page_of(named_session("")).text("title") == "10 ms · pyinstrument"


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_whatever_an_option_holds_it_arrives_as_it_was(name: str) -> None:
    pattern = re.escape(HOSTILE_NAMES[name])
    page = page_of(small_session(), processor_options={"hide_regex": pattern})
    assert page.start == {"hide_regex": pattern}


def test_the_viewer_is_in_the_page_and_its_loader_is_the_only_script(example: Session) -> None:
    page = page_of(example)
    assert page.texts("script") == [r"unpack('\u00b7')"]
    assert page.packed("report-script") == VIEWER["app.js"]
    assert page.packed("report-style") == VIEWER["app.css"]


def test_the_policy_allows_the_viewer_and_its_loader_alone(example: Session) -> None:
    page = page_of(example)
    scripts = [page.text("script"), page.packed("report-script")]
    assert page.policy == {
        "default-src": "'none'",
        "script-src": " ".join(map(policy_hash, scripts)),
        "style-src": policy_hash(page.packed("report-style")),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_the_policy_comes_before_all_that_it_is_about(example: Session) -> None:
    tags = [tag for tag, has in page_of(example).elements if "charset" not in has]
    assert tags[:3] == ["html", "head", "meta"]
    first_meta = page_of(example).elements[3][1]
    assert first_meta["http-equiv"] == "Content-Security-Policy"


def test_no_element_asks_for_anything(example: Session) -> None:
    addresses = {
        value
        for tag, has in page_of(example).elements
        for name, value in has.items()
        if name in ("src", "href", "action", "srcset", "data", "poster")
    }
    assert [address for address in addresses if not str(address).startswith("data:")] == []


def test_the_script_cannot_end_early_or_become_a_comment() -> None:
    script = "a='</script>';b=`<!--<SCRIPT>`;c=/<\\/script>/"
    assert viewer.script_in_markup(script) == (
        r"a='\x3c/script>';b=`\x3c!--\x3cSCRIPT>`;c=/<\/script>/"
    )


def test_the_script_is_ascii_with_the_same_meaning() -> None:
    assert viewer.script_in_markup("'·🔥'") == r"'\u00b7\ud83d\udd25'"


START_STATES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nothing": ({}, {}),
    "timeline": ({"timeline": True}, {"view": "timeline"}),
    "all": ({"show_all": True}, {"show_all": True}),
    "cpu": ({"clock": "cpu"}, {"clock": "cpu"}),
    "threshold": ({"processor_options": {"filter_threshold": 0}}, {"filter_threshold": 0.0}),
    "patterns": (
        {"processor_options": {"hide_regex": "a.*", "show_regex": ".*/b"}},
        {"hide_regex": "a.*", "show_regex": ".*/b"},
    ),
    "compiled": (
        {"processor_options": {"hide_regex": re.compile("a", re.IGNORECASE | re.DOTALL)}},
        {"hide_regex": "(?is)a"},
    ),
    "flags of its own": (
        {"processor_options": {"hide_regex": re.compile("(?i)a")}},
        {"hide_regex": "(?i)a"},
    ),
    "no pattern": ({"processor_options": {"hide_regex": None, "show_regex": ""}}, {}),
}


@pytest.mark.parametrize("name", START_STATES)
def test_options_are_where_the_viewer_starts(name: str) -> None:
    options, start = START_STATES[name]
    page = page_of(small_session(), **options)
    assert page.start == start
    assert page.session == small_session()


def test_options_may_be_set_until_the_report_is_made() -> None:
    renderer = HTMLRenderer()
    renderer.preprocessor_options["filter_threshold"] = 0.5
    renderer.timeline = True
    assert Page(renderer.render(small_session())).start == {
        "view": "timeline",
        "filter_threshold": 0.5,
    }


@pytest.mark.parametrize(
    "options, message",
    [
        ({"timeline": 1}, "HTMLRenderer: option 'timeline' must be true or false, not 1"),
        ({"show_all": None}, "option 'show_all' must be true or false"),
        ({"clock": "sun"}, "option 'clock' must be one of wall, cpu"),
        ({"processor_options": []}, "option 'processor_options' must be a dictionary"),
        ({"processor_options": {"depth": 1}}, "HTMLRenderer: unknown processor option 'depth'"),
        ({"processor_options": {"hide_regex": "("}}, "hide_regex '(' is no regular expression"),
    ],
)
def test_bad_options_are_refused_at_once(options: dict[str, Any], message: str) -> None:
    with pytest.raises(MisconfigurationError, match=re.escape(message)):
        HTMLRenderer(**options)


def test_cpu_time_must_have_been_recorded() -> None:
    with pytest.raises(RendererError, match="'clock' is 'cpu', but this session has no CPU times"):
        HTMLRenderer(clock="cpu").render(small_session(cpu_clock=""))


def test_an_interval_to_resample_at_is_taken_with_one_warning() -> None:
    with pytest.warns(
        DeprecationWarning, match="resample_interval .*: all samples are in the page"
    ) as caught:
        renderer = HTMLRenderer(resample_interval=0.01)
    assert [warning.filename for warning in caught] == [__file__]
    assert Page(renderer.render(small_session())).session == small_session()


def test_preprocessors_that_the_viewer_has_are_taken_with_one_warning() -> None:
    renderer = HTMLRenderer()
    renderer.preprocessors = [processors.remove_importlib, processors.remove_irrelevant_nodes]
    with pytest.warns(DeprecationWarning, match="preprocessors has no effect") as caught:
        renderer.render(small_session())
    assert [warning.filename for warning in caught] == [__file__]


def test_preprocessors_of_ones_own_are_refused_rather_than_passed_over() -> None:
    renderer = HTMLRenderer()
    renderer.preprocessors.append(lambda tree, options: tree)
    with pytest.raises(MisconfigurationError, match=r"preprocessors holds .*<lambda>, which"):
        renderer.render(small_session())


def test_source_lines_are_read_where_the_session_has_none(tmp_path: Path) -> None:
    path = tmp_path / "app.py"
    path.write_text("".join(f"line {number}\n" for number in range(1, 101)))
    builder = RecordingBuilder()
    builder.thread(1, "MainThread")
    location = builder.location(builder.frame("main", str(path), 50), 60)
    builder.add_sample(builder.stack(0, location), MS)
    session = Session(builder.build(make_facts()), "app", sys_prefixes=["/usr"])
    lines = page_of(session).session.sources[str(path)]
    assert list(lines) == [*range(45, 66)]
    assert lines[60] == "line 60"
    assert page_of(session.without_sources()).session.sources == {}


def test_source_lines_of_a_session_stay_as_they_were_recorded(example: Session) -> None:
    assert page_of(example).session.sources == example.sources


def test_an_empty_session_is_a_page(new_session: Callable[..., Session]) -> None:
    session = new_session([])
    assert page_of(session).session == session


@pytest.mark.parametrize("path", LEGACY, ids=lambda path: path.name)
def test_sessions_of_older_versions_are_pages(path: Path) -> None:
    session = Session.load(path)
    assert page_of(session).session == session


def test_a_stack_of_a_hundred_thousand_calls_is_a_page() -> None:
    builder = RecordingBuilder()
    builder.thread(1, "MainThread")
    location = builder.location(builder.frame("descend", "/app/deep.py", 1), 2)
    stack = 0
    for _ in range(100_000):
        stack = builder.stack(stack, location)
    builder.add_sample(stack, MS)
    session = Session(builder.build(make_facts()), "deep")
    assert page_of(session).session == session


def test_without_its_viewer_it_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(package: str, name: str) -> bytes:
        raise FileNotFoundError(name)

    monkeypatch.setattr("pkgutil.get_data", missing)
    with pytest.raises(RendererError, match=r"missing from this installation \(no loader.js\)"):
        HTMLRenderer().render(small_session())


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses that a browser was asked to open."""
    found: list[str] = []
    monkeypatch.setattr(webbrowser, "open", found.append)
    return found


def test_the_browser_opens_a_file_that_stays(
    opened: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = Path(HTMLRenderer().open_in_browser(small_session()))
    assert path.parent == tmp_path
    assert re.fullmatch(r"pyinstrument-.+\.html", path.name)
    assert path.read_text(encoding="utf-8") == HTMLRenderer().render(small_session())
    assert opened == [path.as_uri()]


def test_the_browser_opens_the_file_that_was_named(
    opened: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = HTMLRenderer().open_in_browser(small_session(), "my report.html")
    assert path == str(tmp_path / "my report.html")
    assert opened == [(tmp_path / "my report.html").as_uri()]


def test_a_file_that_cannot_be_written_is_not_opened(opened: list[str], tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        HTMLRenderer().open_in_browser(small_session(), str(tmp_path / "no" / "report.html"))
    assert opened == []
