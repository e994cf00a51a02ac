"""``Session``, under the path that users of pyinstrument know."""

from __future__ import annotations

from pyinstrument_model import Session

__all__ = ["Session"]
