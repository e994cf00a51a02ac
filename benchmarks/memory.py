"""What this process takes of the machine's memory, in bytes."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def resident() -> int:
    """Memory that is resident now. Raises ``OSError`` where there is no ``/proc``."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def peak() -> int:
    """The most that was ever resident."""
    # Not ru_maxrss on Linux: it survives exec, so it would start with the parent's peak.
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
