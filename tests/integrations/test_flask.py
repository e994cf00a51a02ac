"""The Flask extension: options from arguments and from the application's config."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.busy import be_busy

flask = pytest.importorskip("flask")

from pyinstrument_integrations.errors import InvalidSettingError  # noqa: E402  # after the skip
from pyinstrument_integrations.flask import FlaskProfiler  # noqa: E402
from pyinstrument_integrations.profile_folder import ProfileFolder  # noqa: E402


def app_of(**config: Any) -> Any:
    app = flask.Flask(__name__)
    app.config.update(config)

    def check_in() -> None:
        be_busy()

    def user(name: str) -> str:
        be_busy()
        return name

    app.before_request(check_in)
    app.add_url_rule("/users/<name>", "user", user)
    return app


def test_a_report_shows_views_and_what_runs_before_them() -> None:
    app = app_of(PYINSTRUMENT_RENDERER="text")
    app.debug = True
    FlaskProfiler(app)
    report = app.test_client().get("/users/ann?profile")
    assert "check_in" in report.text
    assert "user " in report.text
    assert app.test_client().get("/users/ann").text == "ann"


def test_an_application_may_come_later_and_config_gives_the_options(tmp_path: Path) -> None:
    profiler = FlaskProfiler(renderer="text")
    app = app_of(PYINSTRUMENT_PROFILE_DIR=tmp_path, PYINSTRUMENT_RENDERER="json")
    profiler.init_app(app)
    assert app.test_client().get("/users/ann", buffered=True).text == "ann"
    (saved,) = ProfileFolder(tmp_path).profiles()
    assert (saved.route, saved.file_name[-4:]) == ("/users/<name>", ".txt")


def test_allow_gets_a_request_of_flask() -> None:
    app = app_of()
    FlaskProfiler(app, renderer="text", allow=lambda request: request.args.get("key") == "x")
    assert app.test_client().get("/users/ann?profile").text == "ann"
    assert "check_in" in app.test_client().get("/users/ann?profile&key=x").text


def test_an_allow_that_reads_the_body_takes_it_from_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    app = app_of()
    app.add_url_rule("/form", "form", lambda: flask.request.form["name"], methods=["POST"])
    FlaskProfiler(app, renderer="text", allow=lambda request: request.form["name"] == "ann")
    assert app.test_client().post("/form?profile", data={"name": "ann"}).text == "ann"
    assert "who may see profiles" in caplog.text


def test_outside_of_debug_mode_nothing_is_shown() -> None:
    app = app_of()
    FlaskProfiler(app, renderer="text")
    assert app.test_client().get("/users/ann?profile").text == "ann"


def test_a_setting_that_there_is_not_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    FlaskProfiler(app_of(PYINSTRUMENT_PROFILE_DIRECTORY="profiles", PYINSTRUMENT_ONE_IN=2))
    (record,) = caplog.records
    assert "the setting PYINSTRUMENT_PROFILE_DIRECTORY has no effect" in record.getMessage()


def test_config_is_checked_at_start_up() -> None:
    with pytest.raises(InvalidSettingError, match="interval must be"):
        FlaskProfiler(app_of(PYINSTRUMENT_INTERVAL=-1))
