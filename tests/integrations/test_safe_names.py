"""Whatever was asked for, the name is that of one file, on every system."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyinstrument_integrations.safe_names import LIMIT_BYTES, safe_file_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("0.123s _users_5 1700000000.html", "0.123s _users_5 1700000000.html"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..\\..\\boot.ini", "_.._boot.ini"),
        ("C:\\x|y<z>.txt", "C__x_y_z_.txt"),
        ("search?q=1.html", "search_qs_q=1.html"),
        ("\"quoted\" 'name'.html", "_quoted_ 'name'.html"),
        ("snake 🐍.html", "snake 🐍.html"),
        ("a\r\nb\x00c.html", "a__b_c.html"),
        ("right\u202eto left.html", "right_to left.html"),
        ("lone \udc80.html", "lone _.html"),
        (".hidden", "hidden"),
        ("ends in dot. ", "ends in dot"),
        ("con.html", "_con.html"),
        ("LPT1 .tar.gz", "_LPT1 .tar.gz"),
        ("", "profile"),
        ("...", "profile"),
    ],
)
def test_a_name_is_made_safe(text: str, name: str) -> None:
    assert safe_file_name(text) == name


def test_a_long_name_is_cut_and_keeps_its_suffix() -> None:
    assert safe_file_name("x" * 4_000 + ".html") == "x" * (LIMIT_BYTES - 5) + ".html"


def test_a_long_name_is_cut_between_characters() -> None:
    assert safe_file_name("🐍" * 4_000 + ".html") == "🐍" * ((LIMIT_BYTES - 5) // 4) + ".html"


@given(st.text())
def test_any_text_becomes_the_name_of_one_file(text: str) -> None:
    name = safe_file_name(text)
    assert 0 < len(name.encode()) <= LIMIT_BYTES
    assert not set(name) & set('/\\:*?"<>|\0')
    assert name[0] != "." and name[-1] not in ". "
    assert safe_file_name(name) == name
