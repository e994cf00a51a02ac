"""The proof of the built files refuses a folder that is not what a release is."""

from __future__ import annotations

import sys
from pathlib import Path

import proof_environment
import prove_wheels
import pytest

SDISTS = [f"{name}-1.0.tar.gz" for name in proof_environment.OURS]
WHEELS = [f"{name}-1.0-py3-none-any.whl" for name in proof_environment.OURS]
OTHER = {
    "*.tar.gz": "pyinstrument_model-1.1.tar.gz",
    "*.whl": "pyinstrument_model-1.0-cp313-cp313-any.whl",
}


@pytest.mark.parametrize("pattern", OTHER)
@pytest.mark.parametrize("how_many", [0, 2])
def test_a_folder_without_exactly_one_sdist_and_wheel_of_a_package_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    how_many: int,
    pattern: str,
) -> None:
    for name in (*SDISTS, *WHEELS):
        (tmp_path / name).touch()
    (first,) = tmp_path.glob(f"pyinstrument_model-{pattern}")
    if how_many:
        (tmp_path / OTHER[pattern]).touch()
        found = sorted([first.name, OTHER[pattern]])
    else:
        first.unlink()
        found = []
    monkeypatch.setattr(sys, "argv", ["prove_wheels.py", str(tmp_path)])
    assert prove_wheels.main() == 1
    says = f"{tmp_path} must have one pyinstrument_model-{pattern}, it has {found}"
    assert capsys.readouterr().err == f"not proved: {says}\n"


def test_a_command_that_does_not_end_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof_environment, "LIMIT_S", 0.1)
    says = r"sleep\(60\): did not end within 0\.1 s"
    with pytest.raises(proof_environment.ProofError, match=says):
        proof_environment.run([sys.executable, "-c", "import time; time.sleep(60)"])
