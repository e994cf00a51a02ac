"""The parser of peeks under hostile bytes: a short run of what `benchmarks/fuzz_peek.py` does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FUZZ_PEEK = Path(__file__).parents[2] / "benchmarks/fuzz_peek.py"
CANNOT_TRY = 77


def fuzz(*options: str) -> subprocess.CompletedProcess[str]:
    run = subprocess.run(
        [sys.executable, str(FUZZ_PEEK), *options], capture_output=True, text=True, timeout=300
    )
    if run.returncode == CANNOT_TRY:
        pytest.skip(run.stderr.strip())
    return run


def test_parser_of_peeks_takes_any_bytes() -> None:
    run = fuzz("--cases", "100000")

    assert run.returncode == 0, run.stderr
    assert run.stdout.endswith("nothing wrong\n")


@pytest.mark.parametrize("fault", ["wraps", "overflows", "unaligned", "never-whole", "keeps-rings"])
def test_fuzzing_finds_a_parser_with_a_fault(fault: str) -> None:
    run = fuzz("--cases", "100000", "--planted", fault)

    assert run.returncode == 1, run.stdout
