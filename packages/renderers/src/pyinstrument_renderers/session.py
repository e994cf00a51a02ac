"""The session file's bytes, for whoever saves reports through the same door as all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .interface import Renderer

if TYPE_CHECKING:
    from pyinstrument_model.session import Session


class SessionRenderer(Renderer):
    """A session as ``Session.load`` opens it. Takes no options: all that was recorded is in it."""

    output_file_extension = "pyisession"
    output_is_binary = True

    def render(self, session: Session) -> bytes:
        return session.to_bytes()
