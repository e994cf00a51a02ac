"""Another interpreter of the process is refused with a reason, or sampled; never harmed."""

from __future__ import annotations

import pytest
from support import hostile
from support.engines import COMPILED_ENGINES
from support.sampling import run_python

PROGRAM = """
import os, sys
from support.hostile.subinterpreters import create, interpreters
from support.whole import assert_whole

CODE = '''
import os, sys
sys.path[:] = {path!r}
from pyinstrument_sampler import EngineUnavailableError, Sampler
try:
    with Sampler(1e-4, engine={engine!r}) as sampler:
        sorted(range(1000), key=lambda number: -number)
    text = "sampled by " + sampler.engine
except EngineUnavailableError as error:
    text = str(error)
os.write({descriptor}, text.encode() + b"\\\\n")
'''

def tell(engine, is_isolated):
    reader, writer = os.pipe()
    module = interpreters()
    other = create(module, is_isolated)
    failure = module.run_string(other, CODE.format(path=sys.path, engine=engine, descriptor=writer))
    assert failure is None, failure
    module.destroy(other)
    os.close(writer)
    return os.read(reader, 1000).decode()

from pyinstrument_sampler import Sampler
with Sampler(1e-4, engine=ENGINE) as sampler:
    for is_isolated in (False, True):
        # On 3.12 an isolated interpreter that has called sys._current_frames(), as a sampler in
        # pure Python does, is freed twice at its end.
        if ENGINE == "reference" and is_isolated:
            continue
        sys.stdout.write(tell(ENGINE, is_isolated))
    sys.stdout.write(tell("auto", False))
assert_whole(sampler.recording)
"""


def test_subinterpreter_is_refused_with_the_reason_or_sampled(engine: str) -> None:
    reason = hostile.unavailable_reason("subinterpreters")
    if reason is not None:
        pytest.skip(reason)
    *by_name, by_auto = run_python(PROGRAM, engine).splitlines()

    if engine in COMPILED_ENGINES:
        start = f"engine {engine!r} is not available: {engine} cannot be loaded"
        assert [line[: len(start)] for line in by_name] == [start, start]
        assert by_auto == "sampled by reference"
    else:
        assert by_name == [f"sampled by {engine}"]
        # What no interpreter has loaded before may be loaded by this one.
        assert by_auto.startswith("sampled by ")
