from types import FrameType

from typing_extensions import Self, disjoint_base

from .async_context import ACTIVE as ACTIVE
from .async_context import AWAIT as AWAIT
from .async_context import IDLE_FUNCTIONS as IDLE_FUNCTIONS
from .async_context import OUT_OF_CONTEXT as OUT_OF_CONTEXT
from .async_context import UNOBSERVED as UNOBSERVED
from .engines.interface import SamplingRequest
from .recording_builder import RecordingBuilder

def generator_of(frame: FrameType) -> object | None: ...

@disjoint_base
class NativeStacks:
    stem: int
    def __new__(cls, builder: RecordingBuilder, request: SamplingRequest) -> Self: ...
