from types import FrameType

from .interface import Run, SamplingRequest

TOOL_NAME: str
TOOL_IDS: tuple[int, ...]

class MonitoringEngine:
    name: str
    @staticmethod
    def generator_of(frame: FrameType) -> object | None: ...
    def unavailable_reason(self) -> str | None: ...
    def start(self, request: SamplingRequest) -> Run: ...
