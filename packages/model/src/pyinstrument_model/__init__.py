"""What a recording means: sessions, call trees, processors, and the recorder that makes sessions.

Importing this loads no compiled code, so a saved session opens where nothing is compiled.
"""

from __future__ import annotations

from .call_node import CallNode, LineTime
from .call_tree import CallTree
from .errors import BrokenTreeError, ModelError, OptionError, RecorderStateError, SessionFileError
from .flat_profile import FunctionTotal, function_totals
from .frame_group import FrameGroup
from .processor_options import ProcessorOptions
from .recorder import Recorder
from .session import Session

__all__ = [
    "BrokenTreeError",
    "CallNode",
    "CallTree",
    "FrameGroup",
    "FunctionTotal",
    "LineTime",
    "ModelError",
    "OptionError",
    "ProcessorOptions",
    "Recorder",
    "RecorderStateError",
    "Session",
    "SessionFileError",
    "function_totals",
]
