"""The proof of the built files refuses a folder that is not what a release is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "files",
    [[], ["pyinstrument_sampler-1.0.tar.gz", "pyinstrument_sampler-1.1.tar.gz"]],
    ids=["nothing", "two of one"],
)
def test_a_folder_without_exactly_one_sdist_of_a_package_is_refused(
    tmp_path: Path, files: list[str]
) -> None:
    for name in files:
        (tmp_path / name).touch()
    command = [sys.executable, str(ROOT / "scripts/prove_wheels.py"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    says = f"{tmp_path} must have one pyinstrument_sampler-*.tar.gz, it has {files}"
    assert (done.returncode, done.stderr.strip()) == (1, f"not proved: {says}")
