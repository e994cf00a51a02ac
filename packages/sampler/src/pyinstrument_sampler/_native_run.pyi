from types import FrameType
from typing import Protocol

from typing_extensions import Self, disjoint_base

from ._native_stacks import NativeStacks
from .engines.interface import SamplingRequest
from .notes import ABANDONED as ABANDONED
from .notes import HOOK_TAKEN as HOOK_TAKEN
from .notes import THREAD_ENDED as THREAD_ENDED
from .recording import Recording

class _Hook(Protocol):
    def remove(self, run: NativeRun) -> None: ...
    def is_intact(self, thread_id: int) -> bool: ...

@disjoint_base
class NativeRun:
    is_open: bool
    is_wide: bool
    thread_id: int
    def __new__(
        cls,
        request: SamplingRequest,
        engine_name: str,
        hook: _Hook,
        stacks: NativeStacks | None = None,
    ) -> Self: ...
    def snapshot(self, frame: FrameType | None) -> Recording: ...
    def stop(self, frame: FrameType | None) -> Recording: ...
    def abandon(self) -> None: ...
