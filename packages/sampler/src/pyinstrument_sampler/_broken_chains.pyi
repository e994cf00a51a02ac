from typing_extensions import Self, disjoint_base

from ._code_registry import CodeRegistry
from ._live_code import LiveCode
from ._path_table import PathTable
from ._stack_table import NativeStackTable

@disjoint_base
class BrokenChains:
    def __new__(
        cls, live: LiveCode, paths: PathTable, registry: CodeRegistry, table: NativeStackTable
    ) -> Self: ...
