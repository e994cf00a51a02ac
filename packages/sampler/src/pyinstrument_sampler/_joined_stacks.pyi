from typing_extensions import Self, disjoint_base

from ._native_stacks import NativeStacks
from .engines.interface import SamplingRequest
from .recording_builder import RecordingBuilder

@disjoint_base
class JoinedStacks(NativeStacks):
    def __new__(cls, builder: RecordingBuilder, request: SamplingRequest) -> Self: ...
