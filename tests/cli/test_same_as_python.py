"""A program under the command does exactly what it does under plain ``python``.

Each case runs both ways; standard output, standard error and status must be the same. The report
goes to a file, so that nothing has to be cut away before comparing.
"""

from __future__ import annotations

import sys
import zipfile

import pytest
from support.command import Command, Result

SHOW = """
import sys, os
print(__name__, sys.argv, sys.path[:2], sys.modules["__main__"].__dict__ is globals())
print(__spec__ and (__spec__.name, __spec__.origin, __spec__.parent))
for name in ("__file__", "__cached__", "__doc__", "__package__", "__annotations__"):
    print(name, repr(globals().get(name, "missing")))
print(type(__builtins__), type(__loader__), __loader__ and getattr(__loader__, "path", None))
print(sorted(name for name in globals() if name.startswith("__")))
"""

PICKLE = """
import pickle, sys
class Thing:
    def __init__(self, value): self.value = value
    def __eq__(self, other): return self.value == other.value
if __name__ == "__main__":
    print(pickle.loads(pickle.dumps(Thing(3))) == Thing(3), Thing.__module__)
"""

POOL = """
import multiprocessing
class Thing:
    def __init__(self, value): self.value = value
def double(thing): return Thing(thing.value * 2)
if __name__ == "__main__":
    with multiprocessing.get_context({method!r}).Pool(2) as pool:
        print([thing.value for thing in pool.map(double, [Thing(1), Thing(2)])])
"""

PROGRAMS = {
    "end": "print('done')",
    "names": SHOW,
    "docstring": '"""What it is."""\nprint(__doc__)',
    "annotations": "x: int = 3\nprint(__annotations__)",
    "exit nothing": "raise SystemExit",
    "exit number": "import sys; sys.exit(7)",
    "exit true": "import sys; sys.exit(True)",
    "exit text": "import sys; sys.exit('it is over')",
    "exit tuple": "import sys; sys.exit((1, 2))",
    "exit negative": "import sys; sys.exit(-1)",
    "exit at exit": "import atexit, os; atexit.register(os._exit, 9)",
    "exception": "def f():\n    raise ValueError('no')\nf()",
    "exception with cause": "try:\n    1/0\nexcept Exception as e:\n    raise KeyError('x') from e",
    "exception with context": "try:\n    1/0\nexcept Exception:\n    {}['x']",
    "exception of a class in main": "class Odd(Exception): pass\nraise Odd('x')",
    "exception without repr": "class Odd(Exception):\n    def __str__(self): 1/0\nraise Odd",
    "deep recursion": "def f(): f()\nimport sys; sys.tracebacklimit = 2\nf()",
    "syntax error": "print('never')\nif True\n    pass",
    "indentation error": "if True:\nprint(1)",
    "null byte in text": "print('a\\0b')",
    "syntax error in exec": "exec('1 +')",
    "error in exec": "exec('1/0')",
    "import error": "import there_is_no_such_module",
    "assertion": "assert 1 == 2, 'wrong'",
    "keyboard interrupt": "raise KeyboardInterrupt",
    "generator exit": "raise GeneratorExit('x')",
    "base exception": "raise BaseException('x')",
    "atexit": "import atexit\natexit.register(print, 'bye')\nprint('done')",
    "atexit sees main": (
        "import atexit\n@atexit.register\ndef show():\n"
        "    import __main__, sys\n    print(sorted(vars(__main__)), sys.argv)\n"
    ),
    "atexit sees main after an exception": (
        "import atexit, sys\n@atexit.register\ndef show():\n"
        "    import __main__\n    print(sorted(vars(__main__)), sys.last_value)\n"
        "    print(sys.last_traceback.tb_frame.f_code.co_name, sys.last_type)\n1/0"
    ),
    "atexit after an exception": "import atexit\natexit.register(print, 'bye')\n1/0",
    "thread that goes on": (
        "import threading\nstarted = threading.Event()\n"
        "def work():\n    started.wait()\n    threading.main_thread().join()\n    print('worked')\n"
        "threading.Thread(target=work).start()\nstarted.set()\nprint('main is done')"
    ),
    "thread that fails": "import threading\nt = threading.Thread(target=lambda: print('in'))\n"
    "t.start(); t.join()\nprint(threading.current_thread() is threading.main_thread())",
    "hook": (
        "import sys\ndef hook(kind, value, traceback):\n"
        "    print(kind, traceback.tb_frame.f_code.co_name, traceback.tb_lineno)\n"
        "    print(sys.excepthook is hook)\n"
        "sys.excepthook = hook\n1/0"
    ),
    "hook that fails": (
        "import sys\ndef hook(*a): raise KeyError('hook')\nsys.excepthook = hook\n1/0"
    ),
    "hook that exits": "import sys\ndef hook(*a): sys.exit(5)\nsys.excepthook = hook\n1/0",
    "hook that is nothing": "import sys\nsys.excepthook = None\n1/0",
    "hook that is deleted": "import sys\ndel sys.excepthook\n1/0",
    "stdin": "import sys\nprint(sys.stdin.read())\nprint(input())",
    "stdout closed": "import sys\nsys.stdout.close()",
    "stdout replaced": "import io, sys\nsys.stdout = io.StringIO()\nprint('unseen')",
    "stderr replaced": "import io, sys\nsys.stderr = io.StringIO()\n1/0",
    "argv changed": "import sys\nsys.argv[:] = ['other']\nsys.path[:] = sys.path[:]",
    "pickle": PICKLE,
    "fork that falls off": (
        "import os, sys\nprint('before', flush=True)\nif os.fork():\n    os.wait()\n"
        "    print('parent')\nelse:\n    print('child')\n"
    ),
    "fork that exits": "import os, sys\nif not os.fork(): sys.exit(3)\nprint(os.wait()[1])",
    "fork that fails": "import os, sys\nif not os.fork(): 1/0\nprint(os.wait()[1])",
    "killed": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "os._exit": "import os\nprint('x', flush=True)\nos._exit(4)",
    "abort": "import os, signal\nsignal.signal(signal.SIGABRT, signal.SIG_DFL)\nos.abort()",
    "warning": "import warnings\nwarnings.warn('careful', DeprecationWarning)",
    "future": "from __future__ import annotations\nx: undefined = 1\nprint(__annotations__)",
    "no future": "def f(x: 1 + 1): pass\nprint(f.__annotations__)",
    "finalizer": "class A:\n    def __del__(self): print('gone')\na = A()\nprint('end')",
    "finalizer of a failed call": (
        "class A:\n    def __del__(self): print('gone')\ndef f():\n    a = A()\n    1/0\n"
        "import atexit; atexit.register(print, 'at exit')\nf()"
    ),
    "asyncio": (
        "import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    1/0\nasyncio.run(f())"
    ),
    "terminate itself": "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)",
    "interrupt itself": "import os, signal\nos.kill(os.getpid(), signal.SIGINT)",
    "own handler": (
        "import os, signal\nsignal.signal(signal.SIGTERM, lambda n, f: print('handled', n))\n"
        "os.kill(os.getpid(), signal.SIGTERM)\nprint('going on')"
    ),
    "ignored signal": (
        "import os, signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "os.kill(os.getpid(), signal.SIGTERM)\nprint('going on')"
    ),
    "dead child of a pool": (
        "import multiprocessing, time\ndef work(): time.sleep(1000)\n"
        "if __name__ == '__main__':\n"
        "    p = multiprocessing.get_context('fork').Process(target=work)\n"
        "    p.start(); p.terminate(); p.join(); print(p.exitcode)"
    ),
    "source": "import inspect\ndef f(): return 1\ntry: print(inspect.getsource(f))\n"
    "except OSError as e: print(e)",
}
if sys.version_info >= (3, 11):
    PROGRAMS["exception group"] = "raise ExceptionGroup('several', [ValueError(1), KeyError(2)])"
    PROGRAMS["exception with notes"] = "e = ValueError('x'); e.add_note('hint'); raise e"
PROGRAMS.update({f"pool by {m}": POOL.format(method=m) for m in ("fork", "spawn", "forkserver")})

WAYS = ("script", "module", "code", "standard input", "folder", "package", "zip")


def arguments_for(way: str, program: str, command: Command) -> list[str]:
    """Files for a way of running a program, and the arguments that do it."""
    if way == "code":
        return ["-c", program]
    if way == "standard input":
        return ["-"]
    if way == "zip":
        with zipfile.ZipFile(command.folder / "program.zip", "w") as archive:
            archive.writestr("__main__.py", program)
        return ["program.zip"]
    name = {"folder": "folder/__main__.py", "package": "package/__main__.py"}.get(way, "program.py")
    command.file(name, program)
    if way == "package":
        command.file("package/__init__.py", "")
    return {
        "script": ["program.py"],
        "module": ["-m", "program"],
        "folder": ["folder"],
        "package": ["-m", "package"],
    }[way]


def both(
    command: Command, arguments: list[str], stdin: str = "a line\nanother\n", *flags: str
) -> tuple[Result, Result]:
    """The results of plain ``python`` and of the command."""
    report = ["-o", "report.json"]
    profiled = command.pyinstrument(*report, *arguments, python_options=flags, input=stdin)
    return command.python(*flags, *arguments, input=stdin), profiled


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_script_ends_as_under_python(command: Command, name: str) -> None:
    if sys.version_info >= (3, 9):  # 3.8 itself complains of a fork
        command.environ["PYTHONMALLOC"] = "debug"  # the use of freed memory is seen
    command.file("program.py", PROGRAMS[name])
    expected, found = both(command, ["program.py", "an", "--argument", "-o"])
    assert found == expected


EVERY_WAY = (
    "names", "exception", "syntax error", "exit text", "keyboard interrupt", "pickle", "docstring",
    "atexit sees main", "atexit sees main after an exception", "hook", "error in exec", "source",
    "terminate itself", "pool by fork",
)  # fmt: skip
# A new process can import only scripts and modules, also under plain Python.
BY_MODULE = ("pool by spawn", "pool by forkserver")


@pytest.mark.parametrize(
    "way, name",
    [(way, name) for name in EVERY_WAY for way in WAYS[1:]] + [("module", n) for n in BY_MODULE],
)
def test_every_way_to_run_a_program_is_as_under_python(
    command: Command, way: str, name: str
) -> None:
    program = PROGRAMS[name]
    arguments = arguments_for(way, program, command)
    stdin = program if way == "standard input" else ""
    expected, found = both(command, [*arguments, "an", "--argument"], stdin)
    assert found == expected
