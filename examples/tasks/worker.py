"""A worker of any kind: a profile of each task, in a folder. Install: pyinstrument[tasks]

Run it with ``python worker.py [FOLDER]`` and open ``profiles/index.html``.
"""

from __future__ import annotations

import sys
import time

from pyinstrument_integrations.task_profiler import TaskProfiler

profiler = TaskProfiler(sys.argv[1] if len(sys.argv) > 1 else "profiles", slower_than=0.01)


def resize(image: str) -> int:
    end = time.process_time() + 0.05
    while time.process_time() < end:
        pass
    return len(image)


@profiler
def notify(user: str) -> None:
    time.sleep(0.02)


for job in ("cat.png", "dog.png"):
    with profiler.task(f"resize {job}", route="resize"):
        resize(job)
notify("alice")
print("tasks done")
