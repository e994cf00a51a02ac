"""Runs a program inside this process exactly as plain ``python`` would, under a recorder.

Facts that shape it:
1. A module is run by the function of ``runpy`` that ``python -m`` itself calls, in the ``__main__``
   of ``sys.modules``: same search, same errors, same frames in a traceback.
2. Everything else is ``exec`` of a code object, called from ``run`` itself: ``run`` is the stem
   of the recording, and there is no other frame of ours above it.
3. ``compile`` must not inherit the ``__future__`` imports of this file.
"""

from __future__ import annotations

import os
import sys
from os import getpid  # as it is now, whatever the program puts there
from types import FrameType, ModuleType
from typing import Any, Callable, NamedTuple

from .main_module import (
    absolute_script_path,
    forget_file,
    install_main_module,
    is_import_location,
    script_folder,
    set_arguments,
)
from .outcome import Outcome
from .target import Target, TargetKind


class _Call(NamedTuple):
    """What ``run`` has to call for the program to run."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    main: ModuleType
    has_file: bool


def run(
    target: Target, start: Callable[[FrameType], object], stop: Callable[[], object]
) -> Outcome:
    """Runs a program and tells how it ended; raises nothing.

    *start* gets the frame below the program and is called right before it, *stop* right after,
    but only in this process: a forked child may come back here too. Where the program cannot
    even be started (missing, syntax error), neither need be called.
    """
    failure: list[BaseException] = []
    process = getpid()
    main, has_file = None, False
    try:
        call = _prepare(target)
        main, has_file = call.main, call.has_file
        start(sys._getframe())
        try:
            call.function(*call.arguments)
        finally:
            if getpid() == process:
                stop()
    except BaseException as error:
        failure.append(error)
    return Outcome(
        error=failure[0] if failure else None,
        started=main is not None and not (failure and _is_from_runpy(failure[0])),
        in_child=getpid() != process,
        own_frames=(run.__code__, *_OWN_CODE),
        clean_up=(lambda: forget_file(main)) if main is not None and has_file else None,
    )


def _prepare(target: Target) -> _Call:
    """Sets the stage for a program. Raises what stops it from starting, as ``python`` tells it."""
    if target.kind is TargetKind.CODE:
        set_arguments("-c", target.arguments, "")
        return _code_call(target.program, "<string>", install_main_module(), has_file=False)
    if target.kind is TargetKind.MODULE:
        set_arguments("-m", target.arguments, os.getcwd())
        return _module_call(target.program, alter_argv=True)
    if target.program == "-":
        set_arguments("-", target.arguments, "")
        source = sys.stdin.buffer.read() if sys.stdin is not None else b""
        return _code_call(source, "<stdin>", install_main_module("<stdin>"), has_file=True)
    return _prepare_script(target)


def _prepare_script(target: Target) -> _Call:
    file = absolute_script_path(target.program)
    if is_import_location(file):
        set_arguments(target.program, target.arguments, file, even_if_safe=True)
        return _module_call("__main__", alter_argv=False)
    try:
        with open(file, "rb") as stream:
            content = stream.read()
    except OSError as error:
        reason = f"[Errno {error.errno}] {error.strerror}"
        print(f"{sys.executable}: can't open file {file!r}: {reason}", file=sys.stderr)
        raise SystemExit(2) from None
    set_arguments(target.program, target.arguments, script_folder(target.program))
    loaders = sys.modules["_frozen_importlib_external"]
    if file.endswith(".pyc") or content[:2] == _magic_number()[:2]:
        main = install_main_module(file, loaders.SourcelessFileLoader("__main__", file))
        return _Call(exec, (_compiled_code(content), vars(main)), main, has_file=True)
    main = install_main_module(file, loaders.SourceFileLoader("__main__", file))
    return _code_call(content, file, main, has_file=True)


def _module_call(module: str, *, alter_argv: bool) -> _Call:
    import runpy

    # The interpreter's own way in; there is no public function that runs *in* `__main__`.
    run_module: Callable[..., Any] = runpy._run_module_as_main  # type: ignore[attr-defined]
    return _Call(run_module, (module, alter_argv), install_main_module(), has_file=False)


def _code_call(source: Any, name: str, main: ModuleType, *, has_file: bool) -> _Call:
    if name == "<string>" and sys.version_info >= (3, 13):
        _show_source_in_tracebacks(source, name)
    code = compile(source, name, "exec", dont_inherit=True)
    return _Call(exec, (code, vars(main)), main, has_file)


def _is_from_runpy(error: BaseException) -> bool:
    """Whether ``runpy`` did not find the program, and so none of it ran."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None or not isinstance(error, SystemExit):
        return False
    return last.tb_frame.f_globals.get("__name__") == "runpy"


def _show_source_in_tracebacks(source: str, name: str) -> None:
    import linecache

    lines = [line + "\n" for line in source.splitlines()]
    linecache.cache[name] = (len(source), None, lines, name)


def _magic_number() -> bytes:
    magic: bytes = sys.modules["_frozen_importlib_external"].MAGIC_NUMBER
    return magic


def _compiled_code(content: bytes) -> Any:
    import marshal

    if content[:4] != _magic_number():
        raise RuntimeError("Bad magic number in .pyc file")
    return marshal.loads(content[16:])


_OWN_CODE = tuple(
    function.__code__
    for function in (_prepare, _prepare_script, _module_call, _code_call, _compiled_code)
)
