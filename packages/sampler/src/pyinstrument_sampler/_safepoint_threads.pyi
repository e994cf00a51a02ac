from typing_extensions import Self, disjoint_base

from ._joined_stacks import JoinedStacks
from ._safepoint_run import SafepointRun, _Hook
from .engines.interface import SamplingRequest

@disjoint_base
class SafepointThreadsRun(SafepointRun):
    def __new__(
        cls, request: SamplingRequest, engine_name: str, hook: _Hook, stacks: JoinedStacks
    ) -> Self: ...
