"""Paths relative to the ``sys.path`` entry that says most, whatever system they come from."""

from __future__ import annotations

import pytest

from pyinstrument_model.path_shortening import PathShortener

SYS_PATH = [
    "",
    "relative",
    "/usr/lib/python3.12",
    "/home/me",
    "/home/me/app/",
    "C:\\Python312\\Lib",
    "\\\\server\\share",
]


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("/home/me/app/tea/pot.py", "tea/pot.py"),
        ("/home/me/other/pot.py", "other/pot.py"),
        ("/home/me/application.py", "application.py"),
        ("/home/mean/pot.py", "/home/mean/pot.py"),
        ("/usr/lib/python3.12/json/decoder.py", "json/decoder.py"),
        ("/elsewhere/pot.py", "/elsewhere/pot.py"),
        ("script.py", "script.py"),
        ("<string>", "<string>"),
        ("C:\\Python312\\Lib\\json\\decoder.py", "json\\decoder.py"),
        ("c:\\python312\\lib\\json\\decoder.py", "json\\decoder.py"),
        ("D:\\Python312\\Lib\\json\\decoder.py", "D:\\Python312\\Lib\\json\\decoder.py"),
        ("\\\\server\\share\\tea.py", "tea.py"),
        ("/home/me/app", "app"),
    ],
)
def test_a_path_is_shortened(path: str, short: str) -> None:
    shortener = PathShortener(SYS_PATH)
    assert shortener.shorten(path) == short
    assert shortener.shorten(path) == short  # kept, and still right
