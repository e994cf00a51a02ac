from typing_extensions import Self, disjoint_base

from ._code_registry import CodeRegistry

@disjoint_base
class LiveCode:
    def __new__(cls, registry: CodeRegistry) -> Self: ...
