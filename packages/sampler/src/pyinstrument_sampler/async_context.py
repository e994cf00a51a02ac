"""Which asynchronous context is profiled, and what it waits for while the thread runs others.

Pure Python, for every engine. It looks at the program's coroutines, and so raises nothing of its
own, never runs their code, and never asks a frame of the program for its locals.
"""

# How a sample is classified (``SamplingRequest.mark`` is the run's own):
#
# 1. ``async_mode="disabled"``: the thread's stack as it is, ``RUNNING``.
# 2. The mark is in ACTIVE: the stack as it is, ``RUNNING``; but if an event loop sits in its wait
#    for input (``idle_event_loop``), what its main task awaits, ``AWAITED``.
# 3. The mark is not there and the profiled coroutine is suspended: the stack below that coroutine
#    as it was at the start, the coroutine's ``suspended_frames``, ``[await]``; ``AWAITED``.
# 4. Else ``OUT_OF_CONTEXT``: in ``"strict"`` the stem and ``[out-of-context]``, in ``"enabled"``
#    the thread's stack as it is.

from __future__ import annotations

import gc
import sys
from contextvars import ContextVar
from types import AsyncGeneratorType, CodeType, CoroutineType, FrameType, GeneratorType
from typing import Callable, Iterator, Optional
from weakref import ref

from .interruptions import is_of_signal_handler

ACTIVE: ContextVar[tuple[Mark, ...]] = ContextVar("pyinstrument_sampler_active", default=())
"""Marks of the runs that profile the current context. Copied, as all context variables are, into
tasks and callbacks that the context makes: they belong to the profile too."""

AWAIT = "[await]"
OUT_OF_CONTEXT = "[out-of-context]"
UNOBSERVED = "[unobserved]"

IDLE_FUNCTIONS = frozenset({"select", "_select", "_poll", "get_events"})
"""``co_name`` of every Python function in which an event loop may call into C to wait. Check it
before :func:`idle_event_loop`, which costs more."""

_CO_GENERATOR = 0x20
_CO_COROUTINE = 0x80
_CO_ITERABLE_COROUTINE = 0x100
_CO_ASYNC_GENERATOR = 0x200
_COROUTINE = _CO_COROUTINE | _CO_ITERABLE_COROUTINE
_ASYNC = _COROUTINE | _CO_ASYNC_GENERATOR
_GENERATOR_LIKE = _ASYNC | _CO_GENERATOR

# Objects of the interpreter that stand between an ``await`` and what is awaited, and that show it
# to the garbage collector only.
_WRAPPERS = frozenset(
    {"coroutine_wrapper", "async_generator_asend", "async_generator_athrow", "anext_awaitable"}
)
_CHAIN_LIMIT = 10_000
_WAIT_DEPTH = 4  # frames between a loop's own function and its call into C

GeneratorOf = Callable[[FrameType], Optional[object]]


class IdleLoop:
    """An event loop that waits. Its stack: *base_frame*'s, *extra_codes* (line 0), then the
    await chain of *coroutine*, then ``[await]``."""

    # Not a named tuple: making one runs bytecode, in which a signal handler could raise.
    __slots__ = ("base_frame", "coroutine", "extra_codes")

    def __init__(
        self, coroutine: object, base_frame: FrameType, extra_codes: tuple[CodeType, ...]
    ) -> None:
        self.coroutine = coroutine
        self.base_frame = base_frame
        self.extra_codes = extra_codes


class Mark:
    """Stands for one run in :data:`ACTIVE`."""

    __slots__ = ("has_ended",)

    def __init__(self) -> None:
        self.has_ended = False


before_change: list[Callable[[Mark], None]] = []
"""Called before a mark enters or leaves the current context, for engines that make samples late:
what they have not looked at yet happened before."""


def enter(mark: Mark) -> None:
    """Adds *mark* to the current context, and drops what runs stopped elsewhere left there."""
    for settle in before_change:
        settle(mark)
    ACTIVE.set((*(other for other in ACTIVE.get() if not other.has_ended), mark))


def leave(mark: Mark) -> None:
    """Ends *mark* and takes it out of the current context, in any order of entering."""
    mark.has_ended = True  # first: a signal handler may raise in what follows
    for settle in before_change:
        settle(mark)
    if mark in ACTIVE.get():
        ACTIVE.set(tuple(other for other in ACTIVE.get() if other is not mark))


def find_profiled_coroutine(
    frame: FrameType | None, generator_of: GeneratorOf
) -> tuple[object, FrameType | None] | None:
    """The outermost coroutine that *frame* runs in, and the frame below it.

    It is the last coroutine of the unbroken run of generator-like frames that begins at the
    innermost asynchronous frame: what the event loop resumes. None outside of coroutines, or if
    *generator_of* does not know the object.
    """
    while frame is not None and not frame.f_code.co_flags & _ASYNC:
        frame = frame.f_back
    outermost = None
    task_frames = [_frame_of(coroutine) for coroutine in _task_coroutines()]
    while frame is not None and frame.f_code.co_flags & _GENERATOR_LIKE:
        # trio resumes its tasks in a plain generator: the run goes on there, the coroutines end.
        if frame.f_code.co_flags & _COROUTINE:
            outermost = frame
        # An eager task (3.12) begins on the stack of the one that makes it.
        if frame in task_frames:
            break
        frame = frame.f_back
    if outermost is None:
        return None
    coroutine = generator_of(outermost)
    return None if coroutine is None else (coroutine, outermost.f_back)


def generator_of(frame: FrameType) -> object | None:
    """The coroutine or generator that *frame* belongs to, found without compiled help."""
    found: object | None = getattr(frame, "f_generator", None)  # CPython 3.14
    if found is not None:
        return found
    for found in _task_coroutines():
        if _frame_of(found) is frame:
            return found
    # A loop of somebody else's, or a coroutine driven by hand. Slow on a big heap, once a run.
    for referrer in gc.get_referrers(frame):
        if _frame_of(referrer) is frame:
            found = referrer
            break
    return found


class _Always:
    """Gives the same object at each call. (In the compiled copy a closure, which Cython makes,
    leaves a reference to its type behind.)"""

    __slots__ = ("_given",)

    def __init__(self, given: object | None) -> None:
        self._given = given

    def __call__(self) -> object | None:
        return self._given


def weakly(coroutine: object | None) -> Callable[[], object | None]:
    """A reference that does not keep the program's coroutine alive, as far as there is one."""
    if coroutine is None:
        return _Always(None)
    try:
        return ref(coroutine)
    except TypeError:
        return _Always(coroutine)


def suspended_frames(coroutine: object) -> list[FrameType] | None:
    """The frames of a suspended coroutine and of what it awaits, outermost first.

    Goes through coroutines, generators and asynchronous generators; anything else (futures,
    objects of extension modules) ends it. None when it is running, finished or not started.
    """
    frames: list[FrameType] = []
    seen = set()
    current: object | None = coroutine
    while current is not None and id(current) not in seen and len(frames) < _CHAIN_LIMIT:
        seen.add(id(current))
        kind = type(current)
        if kind not in _FRAME_ATTRIBUTES:
            current = _wrapped(current)
            continue
        frame = _frame_of(current)
        # A running generator's frame has a caller. (``ag_running`` tells another thing.)
        if frame is None or frame.f_back is not None or not _is_suspended(current, frame):
            break
        frames.append(frame)
        current = getattr(current, _AWAIT_ATTRIBUTES[kind], None)
    return frames or None


def idle_event_loop(frame: FrameType) -> IdleLoop | None:
    """The event loop that waits for input in the C call *frame* is making, or None.

    Knows asyncio's loops and trio's. A loop without a main task (``run_forever``) is None.
    """
    if frame.f_code.co_name not in IDLE_FUNCTIONS:
        return None
    try:
        return _idle_asyncio(frame) or _idle_trio(frame)
    except Exception as error:
        if is_of_signal_handler(error):
            raise
        # Internals of other libraries: if they are not as expected, the stack is shown as it is.
        return None


def _idle_asyncio(frame: FrameType) -> IdleLoop | None:
    base_events = sys.modules.get("asyncio.base_events")
    events = sys.modules.get("asyncio.events")
    if base_events is None or events is None:
        return None
    run_once = _find_below(frame, base_events.BaseEventLoop._run_once.__code__, _WAIT_DEPTH)
    if run_once is None:
        return None
    runner = _find_below(run_once, base_events.BaseEventLoop.run_until_complete.__code__, 3)
    if runner is None:
        return None
    coroutine = runner.f_locals["future"].get_coro()
    return IdleLoop(coroutine, run_once, (events.Handle._run.__code__,))


def _idle_trio(frame: FrameType) -> IdleLoop | None:
    trio_run = sys.modules.get("trio._core._run")
    if trio_run is None:
        return None
    run = _find_below(frame, trio_run.run.__code__, _WAIT_DEPTH)
    if run is None:
        return None
    # run() waits itself, between two steps of the generator in which the tasks run.
    coroutine = run.f_locals["runner"].main_task.coro
    return IdleLoop(coroutine, run, (trio_run.unrolled_run.__code__,))


def _find_below(frame: FrameType | None, code: CodeType, depth: int) -> FrameType | None:
    for _ in range(depth):
        if frame is None or frame.f_code is code:
            return frame
        frame = frame.f_back
    return None


_FRAME_ATTRIBUTES = {
    CoroutineType: "cr_frame",
    GeneratorType: "gi_frame",
    AsyncGeneratorType: "ag_frame",
}
_AWAIT_ATTRIBUTES = {
    CoroutineType: "cr_await",
    GeneratorType: "gi_yieldfrom",
    AsyncGeneratorType: "ag_await",
}
_SUSPENDED_ATTRIBUTES = {
    CoroutineType: "cr_suspended",  # 3.11
    GeneratorType: "gi_suspended",  # 3.11
    AsyncGeneratorType: "ag_suspended",  # 3.12
}


def _frame_of(generator: object) -> FrameType | None:
    attribute = _FRAME_ATTRIBUTES.get(type(generator))
    frame: FrameType | None = getattr(generator, attribute, None) if attribute else None
    return frame


def _is_suspended(generator: object, frame: FrameType) -> bool:
    suspended: bool | None = getattr(generator, _SUSPENDED_ATTRIBUTES[type(generator)], None)
    return frame.f_lasti >= 0 if suspended is None else suspended


def _wrapped(wrapper: object) -> object | None:
    """What an interpreter's own awaitable stands for; None for all other objects."""
    kind = type(wrapper)
    # A class of the program, which could run code when asked for its name, has none of these
    # names or another metaclass; and asking the garbage collector runs nothing.
    if type(kind) is not type or kind.__name__ not in _WRAPPERS:
        return None
    referent: object
    for referent in gc.get_referents(wrapper):
        referent_kind = type(referent)
        if referent_kind in _FRAME_ATTRIBUTES or (
            type(referent_kind) is type and referent_kind.__name__ in _WRAPPERS
        ):
            return referent  # the first one: the others are values that are being sent
    return None


def _task_coroutines() -> Iterator[object]:
    """Coroutines of the running tasks of the event loops that are imported."""
    try:
        yield sys.modules["asyncio"].current_task().get_coro()
    except Exception as error:
        if is_of_signal_handler(error):
            raise
        # Not imported, no running loop, no task, or a task of another kind.
    try:
        yield sys.modules["trio"].lowlevel.current_task().coro
    except Exception as error:
        if is_of_signal_handler(error):
            raise
        # Not imported, or not in trio.
