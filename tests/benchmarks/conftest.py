"""Makes the benchmarks importable: they are scripts, which nobody installs."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
