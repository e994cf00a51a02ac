from typing_extensions import Self, disjoint_base

from ._joined_stacks import JoinedStacks
from ._native_run import NativeRun
from .async_context import Mark
from .engines.interface import SamplingRequest

class _Hook:
    is_over: bool
    def end(self) -> None: ...
    def remove(self, run: NativeRun) -> None: ...
    def is_intact(self, thread_id: int) -> bool: ...
    def before_context_change(self, mark: Mark) -> None: ...

hook: _Hook

@disjoint_base
class SafepointRun(NativeRun):
    joined: JoinedStacks
    kind: int
    def __new__(
        cls, request: SamplingRequest, engine_name: str, hook: _Hook, stacks: JoinedStacks
    ) -> Self: ...
    def tick(self, frames: int = ..., is_whole: bool = ...) -> None: ...
    def before_context_change(self, mark: Mark) -> None: ...
