from .recording_builder import RecordingBuilder

class CodeRegistry:
    builder: RecordingBuilder
    def __init__(self, builder: RecordingBuilder, idle_functions: frozenset[str]) -> None: ...
