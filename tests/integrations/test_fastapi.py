"""The FastAPI dependency: profiles of chosen routes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.asgi_apps import failing, left, left_in_thread
from support.web_clients import get, get_at_once
from support.web_servers import serve_asgi

fastapi = pytest.importorskip("fastapi")
pytest.importorskip("uvicorn")

from pyinstrument_integrations.errors import InvalidSettingError  # noqa: E402  # after the skip
from pyinstrument_integrations.fastapi import profile_request  # noqa: E402
from pyinstrument_integrations.profile_folder import ProfileFolder  # noqa: E402


def app_of(folder: Path, **options: Any) -> Any:
    app = fastapi.FastAPI()
    profiled = [fastapi.Depends(profile_request(profile_dir=folder, renderer="text", **options))]
    app.get("/left/{n}", dependencies=profiled)(left)
    app.get("/failing", dependencies=profiled)(failing)
    app.get("/plain")(left_in_thread)
    return app


def test_only_the_routes_that_depend_on_it_are_profiled(tmp_path: Path) -> None:
    with serve_asgi(app_of(tmp_path)) as port:
        answers = get_at_once(port, ["/left/1", "/left/2", "/plain"])
    assert [answer.text for answer in answers] == ['"left"'] * 3
    saved = ProfileFolder(tmp_path).profiles()
    assert sorted(profile.name for profile in saved) == ["/left/1", "/left/2"]
    assert {(profile.route, profile.status) for profile in saved} == {("/left/{n}", "")}
    for profile in saved:
        assert "left " in (tmp_path / profile.file_name).read_text(encoding="utf-8")


def test_an_endpoint_that_raises_is_profiled_too(tmp_path: Path) -> None:
    with serve_asgi(app_of(tmp_path), log_level="critical") as port:
        assert get(port, "/failing").status == 500
    assert [profile.status for profile in ProfileFolder(tmp_path).profiles()] == ["500"]


def test_a_status_is_told_where_it_is_known(tmp_path: Path) -> None:
    app = app_of(tmp_path)
    profiled = [fastapi.Depends(profile_request(profile_dir=tmp_path, renderer="text"))]

    async def missing() -> None:
        raise fastapi.HTTPException(404)

    app.get("/missing", dependencies=profiled)(missing)
    app.get("/number/{n}", dependencies=profiled)(number)
    app.post("/number/{n}", dependencies=profiled, status_code=201)(number)
    with serve_asgi(app) as port:
        answers = [get(port, "/missing"), get(port, "/number/x"), get(port, "/number/1", "POST")]
    assert [answer.status for answer in answers] == [404, 422, 201]
    saved = ProfileFolder(tmp_path).profiles()
    assert {profile.name: profile.status for profile in saved} == {
        "/missing": "404",
        "/number/x": "422",
        "/number/1": "",
    }


async def number(n: int) -> int:
    """An endpoint that takes no other."""
    return n


def test_when_gets_the_request(tmp_path: Path) -> None:
    with serve_asgi(app_of(tmp_path, when=lambda request: "slow" in request.query_params)) as port:
        get_at_once(port, ["/left/1", "/left/2?slow"])
    assert [profile.name for profile in ProfileFolder(tmp_path).profiles()] == ["/left/2?slow"]


def test_a_folder_is_needed() -> None:
    with pytest.raises(InvalidSettingError, match="set profile_dir"):
        profile_request()
