"""What benchmarks say of options that make no sense."""

from __future__ import annotations

import options
import pytest


@pytest.mark.parametrize("given", ["0", "-1", "often"])
def test_how_often_to_measure_is_a_number_of_at_least_one(
    given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = options.new_parser("", prog="scale.py")
    options.add_repeat(parser, 3, "processes a figure")
    with pytest.raises(SystemExit):
        parser.parse_args([f"--repeat={given}"])
    says = f"argument --repeat: must be a number of at least 1, not {given!r}"
    assert capsys.readouterr().err.splitlines()[-1] == f"scale.py: error: {says}"
