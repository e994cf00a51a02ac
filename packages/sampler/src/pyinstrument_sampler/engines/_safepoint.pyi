from types import FrameType

from .._joined_stacks import JoinedStacks as JoinedStacks
from .._safepoint_run import hook as hook
from .._safepoint_threads import SafepointThreadsRun as SafepointThreadsRun
from .interface import Run, SamplingRequest

class SafepointEngine:
    name: str
    @staticmethod
    def generator_of(frame: FrameType) -> object | None: ...
    def unavailable_reason(self) -> str | None: ...
    def start(self, request: SamplingRequest) -> Run: ...
