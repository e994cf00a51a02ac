"""``OwnImports``: imports as they were at first, then everything as the program had it."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from pyinstrument_renderers.own_imports import OwnImports


def test_a_module_of_the_program_makes_way_and_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "this_is_mine.py").write_text("")
    (tmp_path / "package_of_mine").mkdir()
    (tmp_path / "package_of_mine" / "__init__.py").write_text("")
    own_imports = OwnImports()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    mine = [importlib.import_module(name) for name in ("this_is_mine", "package_of_mine")]
    programs_path = sys.path

    with own_imports:
        inside = [name in sys.modules for name in ("this_is_mine", "package_of_mine", "pytest")]
        entries = sys.path
    after = [sys.modules.pop(name) for name in ("this_is_mine", "package_of_mine")]

    assert inside == [False, False, True]
    assert entries[-1] == programs_path[-1]
    assert str(tmp_path) not in entries[: len(entries) - len(programs_path)]
    assert after == mine
    assert sys.path is programs_path
