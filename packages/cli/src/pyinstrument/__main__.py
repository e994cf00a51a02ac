"""``python -m pyinstrument``."""

from __future__ import annotations

import sys

from pyinstrument.app import main

if __name__ == "__main__":
    sys.exit(main())
