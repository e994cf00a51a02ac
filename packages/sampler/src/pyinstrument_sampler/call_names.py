"""Which function a call instruction calls, told from the bytecode and the globals alone.

A stack has no frame for a function without Python code. Where a thread stands in a call of one,
this names it. Runs no code of the program; used by the `safepoint` engine in a compiled copy.
"""

from __future__ import annotations

from opcode import opmap, opname
from sys import version_info
from types import (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    CodeType,
    MethodDescriptorType,
    ModuleType,
    WrapperDescriptorType,
)

_CALLS = frozenset(
    opmap[name]
    for name in ("PRECALL", "CALL", "CALL_KW", "CALL_FUNCTION_EX", "INSTRUMENTED_CALL")
    if name in opmap
)
_NATIVE_TYPES = (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    MethodDescriptorType,
    WrapperDescriptorType,
)
_NAME_LOADS = frozenset({"LOAD_GLOBAL", "LOAD_NAME"})
_ATTRIBUTE_LOADS = frozenset({"LOAD_ATTR", "LOAD_METHOD"})
_IGNORED = frozenset(opmap[name] for name in ("CACHE", "PUSH_NULL") if name in opmap)
_EXTENDED_ARG = opmap["EXTENDED_ARG"]


# Not named tuples: making one runs bytecode, in which a signal handler could raise.
class Callee:
    """What an instruction calls."""

    __slots__ = ("function", "name")

    def __init__(self, function: object | None, name: str) -> None:
        self.function = function
        """A function without Python code; None where it cannot be told."""
        self.name = name
        """Else its name in the source, where it is an attribute of some object; or ``""``."""


class _Load:
    """An instruction that puts the value of an expression on the stack."""

    __slots__ = ("end", "name", "operation")

    def __init__(self, end: tuple[int, int], operation: str, name: str) -> None:
        self.end = end
        self.operation = operation
        self.name = name


def callee_of(
    code: CodeType, lasti: int, global_names: dict[str, object], builtins: dict[str, object]
) -> Callee | None:
    """What the instruction at *lasti* calls; None if it calls nothing, or a Python function."""
    units = code.co_code
    if units[lasti] not in _CALLS:
        return None
    loads = _loads_at_start_of(code, units, lasti)
    if not loads:
        return None
    last = loads[-1]
    if last.operation in _ATTRIBUTE_LOADS:
        owner = _value(loads[:-1], global_names, builtins)
        if owner is None:
            return Callee(None, last.name)
        if type(owner) is not ModuleType:
            cls = type(owner)
            found = _class_attribute(owner if issubclass(cls, type) else cls, last.name)
            return Callee(None, last.name) if found is None else _native(found)
    return _native(_value(loads, global_names, builtins))


def _loads_at_start_of(code: CodeType, units: bytes, lasti: int) -> list[_Load]:
    """The loads of the expression that is called and of those it begins with, shortest first.

    All begin where the call begins: of ``a.b(c).d(e)`` the callee is the longest expression that
    begins at ``a`` and ends before the call does.
    """
    positions = list(code.co_positions())  # type: ignore[attr-defined,unused-ignore]  # 3.11
    line, end_line, column, end_column = positions[lasti // 2]
    if None in (line, end_line, column, end_column):
        return []
    found: dict[tuple[int, int], _Load] = {}
    extended = 0
    for at in range(0, lasti, 2):
        operation, argument = units[at], units[at + 1] | extended
        extended = argument << 8 if operation == _EXTENDED_ARG else 0
        here = positions[at // 2]
        if operation in _IGNORED or extended or here[0] != line or here[2] != column:
            continue
        end = (here[1], here[3])
        if None not in end and end < (end_line, end_column):
            name = opname[operation]
            found[end] = _Load(end, name, _name(code, name, argument))
    return [found[end] for end in sorted(found)]


def _name(code: CodeType, operation: str, argument: int) -> str:
    if operation == "LOAD_GLOBAL" or (operation == "LOAD_ATTR" and version_info >= (3, 12)):
        argument >>= 1
    elif operation != "LOAD_NAME" and operation not in _ATTRIBUTE_LOADS:
        return ""
    names = code.co_names
    return names[argument] if argument < len(names) else ""


def _value(
    loads: list[_Load], global_names: dict[str, object], builtins: dict[str, object]
) -> object | None:
    """What a chain of names through modules stands for now; None if it leaves modules."""
    if not loads or loads[0].operation not in _NAME_LOADS:
        return None
    value = _global(loads[0].name, global_names, builtins)
    for load in loads[1:]:
        if load.operation not in _ATTRIBUTE_LOADS or type(value) is not ModuleType:
            return None
        value = dict.get(ModuleType.__getattribute__(value, "__dict__"), load.name)
    return value


def _global(name: str, global_names: dict[str, object], builtins: dict[str, object]) -> object:
    found = dict.get(global_names, name)
    return dict.get(builtins, name) if found is None else found


def _class_attribute(cls: object, name: str) -> object | None:
    for base in type.__dict__["__mro__"].__get__(cls):
        found: object = type.__dict__["__dict__"].__get__(base).get(name)
        if found is not None:
            return found
    return None


def _native(function: object) -> Callee | None:
    return Callee(function, "") if _is_a(function, _NATIVE_TYPES) else None


def _is_a(value: object, types: type | tuple[type, ...]) -> bool:
    """As ``isinstance``, which asks a value for its ``__class__``: that may be code."""
    return issubclass(type(value), types)
