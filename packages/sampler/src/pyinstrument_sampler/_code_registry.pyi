from collections.abc import Container

from typing_extensions import Self, disjoint_base

from .recording_builder import RecordingBuilder

@disjoint_base
class CodeRegistry:
    builder: RecordingBuilder
    def __new__(cls, builder: RecordingBuilder, idle_functions: Container[str]) -> Self: ...
