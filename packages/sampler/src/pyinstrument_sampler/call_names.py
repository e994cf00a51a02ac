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
from typing import Optional, Tuple, cast

_CALLS = frozenset(
    opmap[name] for name in ("PRECALL", "CALL", "CALL_KW", "CALL_FUNCTION_EX") if name in opmap
)
# Not `isinstance`, nor `==` of types: both can run code of the program.
_NATIVE_TYPES: tuple[type, ...] = (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    MethodDescriptorType,
    WrapperDescriptorType,
)
_NAME_LOADS = frozenset({"LOAD_GLOBAL", "LOAD_NAME"})
_ATTRIBUTE_LOADS = frozenset({"LOAD_ATTR", "LOAD_METHOD"})
_IGNORED = frozenset(opmap[name] for name in ("CACHE", "PUSH_NULL") if name in opmap)
_EXTENDED_ARG = opmap["EXTENDED_ARG"]


# Plain tuples: to make a named one runs bytecode of its class, in which signal handlers could run.
Callee = Tuple[Optional[object], str]
"""What is called: a function without Python code, or None and its name in the source, where it is
an attribute of some object."""

Span = Tuple[int, int, int, int]
"""As ``pyi_span`` in includes/positions.h."""

_Load = Tuple[str, str]
"""An instruction that puts the value of an expression on the stack: operation, name or ""."""


def is_call(units: bytes, lasti: int) -> bool:
    """Whether the instruction at *lasti* calls something; *units* are those of ``co_code``."""
    return units[lasti] in _CALLS


def loads_of_callee(code: CodeType, units: bytes, spans: list[Span]) -> list[_Load]:
    """How a call instruction comes by what it calls; empty if that cannot be followed.

    The same at any time: see :func:`callee_of` for what it is now. *spans* are what
    ``pyi_spans_of_callee`` finds: the loads of the expression that is called and of those it begins
    with. The result has the shortest first.
    """
    found: dict[tuple[int, int], _Load] = {}
    for first, count, end_line, end_column in spans:
        extended = 0
        for at in range(2 * first, 2 * (first + count), 2):
            operation, argument = units[at], units[at + 1] | extended
            extended = argument << 8 if operation == _EXTENDED_ARG else 0
            if operation not in _IGNORED and not extended:
                name = opname[operation]
                found[end_line, end_column] = (name, _name(code, name, argument))
    return [found[end] for end in sorted(found)]


def callee_of(
    loads: list[_Load], global_names: dict[str, object], builtins: dict[str, object]
) -> Callee | None:
    """What such loads lead to now; None if that is not known, or no function without code."""
    if not loads:
        return None
    operation, name = loads[-1]
    if operation not in _ATTRIBUTE_LOADS:
        return _native(_value(loads, global_names, builtins))
    owner = _value(loads[:-1], global_names, builtins)
    if owner is None:
        return None, name
    if type(owner) is ModuleType:
        return _native(_value(loads, global_names, builtins))
    kind = type(owner)
    if issubclass(kind, type):
        found = _class_attribute(cast(type, owner), name)
    elif type.__dict__["__dictoffset__"].__get__(kind):
        found = None  # the object may have one of its own by that name
    else:
        found = _class_attribute(kind, name)
    return (None, name) if found is None else _native(found)


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
    if not loads or loads[0][0] not in _NAME_LOADS:
        return None
    value = _global(loads[0][1], global_names, builtins)
    for operation, name in loads[1:]:
        if operation not in _ATTRIBUTE_LOADS or type(value) is not ModuleType:
            return None
        value = dict.get(ModuleType.__getattribute__(value, "__dict__"), name)
    return value


def _global(name: str, global_names: dict[str, object], builtins: dict[str, object]) -> object:
    found = dict.get(global_names, name)
    return dict.get(builtins, name) if found is None else found


def _class_attribute(cls: type, name: str) -> object | None:
    for base in type.__dict__["__mro__"].__get__(cls):
        found: object = type.__dict__["__dict__"].__get__(base).get(name)
        if found is not None:
            return found
    return None


def _native(function: object) -> Callee | None:
    return (function, "") if issubclass(type(function), _NATIVE_TYPES) else None
