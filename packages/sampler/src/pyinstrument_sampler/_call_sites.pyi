from typing_extensions import Self, disjoint_base

from ._code_registry import CodeRegistry
from .call_names import callee_of as callee_of
from .call_names import loads_of_callee as loads_of_callee

@disjoint_base
class CallSites:
    def __new__(cls, registry: CodeRegistry) -> Self: ...
