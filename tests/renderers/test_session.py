"""The session renderer gives a session file."""

from __future__ import annotations

from pyinstrument_model.session import Session
from pyinstrument_renderers.session import SessionRenderer


def test_the_bytes_are_the_session(example: Session) -> None:
    renderer = SessionRenderer()

    assert renderer.output_is_binary
    assert renderer.output_file_extension == "pyisession"
    assert Session.from_bytes(renderer.render(example)) == example
