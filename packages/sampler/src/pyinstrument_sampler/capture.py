"""Turns interpreter frames into stack ids, in pure Python.

Reads only what the interpreter has at hand. It keeps no code object alive: what it knows about
one is dropped when the program drops it.
"""

from __future__ import annotations

from types import CodeType, FrameType
from typing import Callable, Iterable
from weakref import ref

from .async_context import AWAIT
from .interruptions import is_of_signal_handler
from .recording_builder import RecordingBuilder

_CO_OPTIMIZED = 0x1  # a function: its variables are not in a dictionary already
_HIDING_NAMES = ("__tracebackhide__", "__traceback_hide__")
_FIRST_ARGUMENTS = ("self", "cls")


class StackCapture:
    """Walks frames and enters them in a :class:`RecordingBuilder`."""

    def __init__(self, builder: RecordingBuilder) -> None:
        self._builder = builder
        self._codes: dict[int, _CodeFacts] = {}

    def stack(self, frame: FrameType | None) -> int:
        """Id of the stack whose leaf is *frame*; 0 for None."""
        frames = []
        while frame is not None:
            frames.append(frame)
            frame = frame.f_back
        frames.reverse()
        return self.extend(0, frames)

    def extend(self, stack: int, frames: Iterable[FrameType]) -> int:
        """Id of *stack* with *frames* on top, outermost first."""
        for frame in frames:
            code = frame.f_code
            facts = self._codes.get(id(code)) or self._learn(code)
            class_name = _class_name(frame, facts.first_argument) if facts.first_argument else ""
            stack = self._push(stack, facts, class_name, frame.f_lineno or 0)
        return stack

    def extend_code(self, stack: int, code: CodeType) -> int:
        """Id of *stack* with a frame of *code* on top, of which nothing else is known."""
        return self._push(stack, self._codes.get(id(code)) or self._learn(code), "", 0)

    def extend_awaiting(self, stack: int, frames: Iterable[FrameType]) -> int:
        """Id of *stack* with suspended *frames* on top, waiting."""
        return self.extend_synthetic(self.extend(stack, frames), AWAIT)

    def extend_synthetic(self, stack: int, name: str) -> int:
        """Id of *stack* with a leaf that is no function."""
        builder = self._builder
        return builder.stack(stack, builder.location(builder.synthetic_frame(name)))

    def extend_native(self, stack: int, function: object) -> int:
        """Id of *stack* with a function without Python code as its leaf."""
        builder = self._builder
        name, module = native_name(function)
        return builder.stack(stack, builder.location(builder.native_frame(name, module)))

    def _push(self, stack: int, facts: _CodeFacts, class_name: str, line: int) -> int:
        builder = self._builder
        frame_id = facts.frame_ids.get(class_name)
        if frame_id is None:
            frame_id = facts.frame_ids[class_name] = builder.frame(
                facts.function,
                facts.file,
                facts.first_line,
                qualname=facts.qualname,
                class_name=class_name,
                hidden=facts.hidden,
            )
        return builder.stack(stack, builder.location(frame_id, line))

    def _learn(self, code: CodeType) -> _CodeFacts:
        codes = self._codes
        key = id(code)

        def forget(_: object) -> None:
            codes.pop(key, None)

        facts = codes[key] = _CodeFacts(code, forget)
        return facts


class _CodeFacts:
    """What is the same for all frames of a code object."""

    __slots__ = (
        "file",
        "first_argument",
        "first_line",
        "frame_ids",
        "function",
        "hidden",
        "qualname",
        "reference",
    )

    def __init__(self, code: CodeType, forget: Callable[[object], None]) -> None:
        self.reference = ref(code, forget)
        self.function = code.co_name
        self.qualname: str = getattr(code, "co_qualname", "")  # 3.11
        self.file = code.co_filename
        self.first_line = code.co_firstlineno
        self.hidden = any(
            name in code.co_varnames or name in code.co_cellvars for name in _HIDING_NAMES
        )
        self.first_argument = ""
        if code.co_argcount > 0 and code.co_flags & _CO_OPTIMIZED:
            first = code.co_varnames[0]
            self.first_argument = first if first in _FIRST_ARGUMENTS else ""
        self.frame_ids: dict[str, int] = {}


def _class_name(frame: FrameType, first_argument: str) -> str:
    # From 3.13 on f_locals is a view. Before, it fills the frame's dictionary of locals, which the
    # program could notice if it kept the result of locals(); but there the interpreter itself does
    # so for every event it shows to a profile function written in Python. Compiled engines do not.
    try:
        value = frame.f_locals[first_argument]
    except KeyError:
        return ""  # deleted
    cls = value if first_argument == "cls" else type(value)
    if not isinstance(cls, type):
        return ""
    # Not cls.__name__: a metaclass may have put something else, or code, there.
    name: str = type.__dict__["__name__"].__get__(cls)
    return name


def native_name(function: object) -> tuple[str, str | None]:
    """Qualified name of a function without Python code, and its module unless built in."""
    name = _string(function, "__qualname__") or _string(function, "__name__")
    module = _string(function, "__module__")
    if module is None:
        # Methods have none; their type has.
        owner = getattr(function, "__self__", None)
        module = _string(owner if isinstance(owner, type) else type(owner), "__module__")
    return name or type(function).__name__, None if module == "builtins" else module


def _string(thing: object, attribute: str) -> str | None:
    try:
        value = getattr(thing, attribute, None)
    except Exception as error:
        if is_of_signal_handler(error):
            raise
        return None  # an attribute of the program's, not of the interpreter's
    return value if isinstance(value, str) else None
