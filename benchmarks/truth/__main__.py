"""``python benchmarks/truth`` or ``python -m benchmarks.truth``: runs the comparison."""

from __future__ import annotations

import sys
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BENCHMARKS))  # where ``truth`` and the helpers of all benchmarks are
# Only for the engines' names, where no sampler is installed.
sys.path.append(str(BENCHMARKS.parent / "packages" / "sampler" / "src"))

from truth.command import main  # noqa: E402  # only found from here on

if __name__ == "__main__":
    sys.exit(main())
