"""``Frame`` and ``FrameGroup``, under the path that users of pyinstrument know."""

from __future__ import annotations

from pyinstrument_model import CallNode as Frame
from pyinstrument_model import FrameGroup

__all__ = ["Frame", "FrameGroup"]
