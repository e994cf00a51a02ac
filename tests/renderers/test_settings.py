"""Settings come from the environment, then the project's file; faults name where they are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pyinstrument_renderers.errors import SettingsError
from pyinstrument_renderers.settings import Settings, load_settings, read_environment


def project(folder: Path, text: str) -> str:
    path = folder / "pyproject.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_nothing_set_is_nothing_set(tmp_path: Path) -> None:
    project(tmp_path, "[project]\nname = 'x'\n")

    assert load_settings({}, str(tmp_path)) == Settings()


def test_the_table_is_read_with_hyphens_or_underscores(tmp_path: Path) -> None:
    project(
        tmp_path,
        "[tool.pyinstrument]\n"
        "interval = 0.01\nrenderer = 'json'\nshow-all = true\nhide = '*/vendor/*'\n"
        "reports = false\nreports_keep = 3\n",
    )

    assert load_settings({}, str(tmp_path)) == Settings(
        interval=0.01,
        renderer="json",
        show_all=True,
        hide="*/vendor/*",
        reports=False,
        reports_keep=3,
    )


def test_the_file_is_found_upwards_and_names_folders_relative_to_itself(tmp_path: Path) -> None:
    project(tmp_path, "[tool.pyinstrument]\nreports-dir = 'profiles'\n")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)

    assert load_settings({}, str(below)).reports_dir == str(tmp_path / "profiles")


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    project(tmp_path, "[tool.pyinstrument]\nrenderer = 'json'\n")
    below = tmp_path / "a"
    below.mkdir()
    project(below, "[project]\n")

    assert load_settings({}, str(below)) == Settings()


def test_environment_beats_file_and_command_line_beats_both(tmp_path: Path) -> None:
    project(tmp_path, "[tool.pyinstrument]\ninterval = 0.01\nrenderer = 'json'\nhide = 'h'\n")
    environ = {"PYINSTRUMENT_INTERVAL": "0.02", "PYINSTRUMENT_RENDERER": "text"}

    settings = load_settings(environ, str(tmp_path)).override(interval=0.03, renderer=None)

    assert settings == Settings(interval=0.03, renderer="text", hide="h")


def test_every_setting_has_a_variable() -> None:
    environ = {
        "PYINSTRUMENT_INTERVAL": "0.5",
        "PYINSTRUMENT_THREADS": "all",
        "PYINSTRUMENT_ENGINE": "safepoint",
        "PYINSTRUMENT_CLOCK": "cpu",
        "PYINSTRUMENT_RENDERER": "json",
        "PYINSTRUMENT_TIMELINE": "yes",
        "PYINSTRUMENT_SHOW_ALL": "on",
        "PYINSTRUMENT_HIDE": "h",
        "PYINSTRUMENT_HIDE_REGEX": "hr",
        "PYINSTRUMENT_SHOW": "s",
        "PYINSTRUMENT_SHOW_REGEX": "sr",
        "PYINSTRUMENT_UNICODE": "0",
        "PYINSTRUMENT_COLOR": "FALSE",
        "PYINSTRUMENT_TARGET_DESCRIPTION": "run of {args}",
        "PYINSTRUMENT_REPORTS": "1",
        "PYINSTRUMENT_REPORTS_DIR": "/r",
        "PYINSTRUMENT_REPORTS_KEEP": "7",
        "PYINSTRUMENT_PROFILE_DIR": "/p",
    }

    assert Settings(**read_environment(environ)) == Settings(
        interval=0.5,
        threads="all",
        engine="safepoint",
        clock="cpu",
        renderer="json",
        timeline=True,
        show_all=True,
        hide="h",
        hide_regex="hr",
        show="s",
        show_regex="sr",
        unicode=False,
        color=False,
        target_description="run of {args}",
        reports=True,
        reports_dir="/r",
        reports_keep=7,
        profile_dir="/p",
    )


def test_other_and_empty_variables_are_left_alone() -> None:
    environ = {"PYINSTRUMENT_FILENAME": "x", "PYINSTRUMENT_INTERVAL": ""}

    assert read_environment(environ) == {}


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        (
            {"PYINSTRUMENT_INTERVAL": "fast"},
            "environment variable PYINSTRUMENT_INTERVAL='fast': it must be a number",
        ),
        (
            {"PYINSTRUMENT_THREADS": "some"},
            "environment variable PYINSTRUMENT_THREADS='some': it must be one of current, all",
        ),
        (
            {"PYINSTRUMENT_ENGINE": "steam"},
            "environment variable PYINSTRUMENT_ENGINE='steam': "
            "it must be one of auto, safepoint, monitoring, setprofile, reference",
        ),
        (
            {"PYINSTRUMENT_REPORTS": "maybe"},
            "environment variable PYINSTRUMENT_REPORTS='maybe': it must be 1 or 0",
        ),
        (
            {"PYINSTRUMENT_REPORTS_KEEP": "-1"},
            "environment variable PYINSTRUMENT_REPORTS_KEEP='-1': "
            "it must be a whole number above 0",
        ),
    ],
)
def test_a_bad_variable_is_named(environ: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_environment(environ)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("interval = '1ms'", "interval = '1ms': it must be a number"),
        ("interval = true", "interval = True: it must be a number"),
        ("show-all = 'yes'", "show-all = 'yes': it must be true or false"),
        ("renderer = 3", "renderer = 3: it must be a string"),
        ("reports-keep = 0", "reports-keep = 0: it must be a whole number above 0"),
    ],
)
def test_a_wrong_type_names_file_and_key(tmp_path: Path, line: str, fault: str) -> None:
    path = project(tmp_path, f"[tool.pyinstrument]\n{line}\n")

    with pytest.raises(SettingsError) as caught:
        load_settings({}, str(tmp_path))

    assert str(caught.value) == f"{path}, [tool.pyinstrument]: {fault}"


def test_an_unknown_key_lists_what_there_is(tmp_path: Path) -> None:
    path = project(tmp_path, "[tool.pyinstrument]\nintervall = 1\n")

    with pytest.raises(SettingsError) as caught:
        load_settings({}, str(tmp_path))

    assert str(caught.value) == (
        f"{path}, [tool.pyinstrument]: unknown setting 'intervall'; "
        f"there are: {', '.join(Settings._fields)}"
    )


def test_bad_toml_is_reported_only_where_it_concerns_us(tmp_path: Path) -> None:
    project(tmp_path, "[tool.other\n")
    assert load_settings({}, str(tmp_path)) == Settings()

    path = project(tmp_path, "[tool.pyinstrument\n")
    with pytest.raises(SettingsError) as caught:
        load_settings({}, str(tmp_path))
    assert str(caught.value).startswith(f"{path} is not valid TOML: ")


def test_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    path = project(tmp_path, "[tool]\npyinstrument = 3\n")

    with pytest.raises(SettingsError) as caught:
        load_settings({}, str(tmp_path))

    assert str(caught.value) == f"{path}: tool.pyinstrument must be a table"


def test_a_project_that_only_depends_on_pyinstrument_has_no_settings(tmp_path: Path) -> None:
    project(tmp_path, "[project]\ndependencies = ['pyinstrument']\n")

    assert load_settings({}, str(tmp_path)) == Settings()


def test_reading_settings_without_a_table_imports_no_parser(tmp_path: Path) -> None:
    project(tmp_path, "[project]\nname = 'x'\n")
    code = (
        "import sys\n"
        "from pyinstrument_renderers.settings import load_settings\n"
        "load_settings()\n"
        "print(sorted({'tomli', 'tomllib', 'inspect', 'dataclasses', 'rich'} & set(sys.modules)))"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=str(tmp_path),
        env=env,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )

    assert done.stdout == "[]\n"
