from types import FrameType

from .engines.interface import SamplingRequest
from .recording_builder import RecordingBuilder

def generator_of(frame: FrameType) -> object | None: ...

class NativeStacks:
    stem: int
    def __init__(self, builder: RecordingBuilder, request: SamplingRequest) -> None: ...
