"""Reports that are saved while the program goes on."""

from __future__ import annotations

import threading

from pyinstrument_integrations.task_profiler import REPORT_THREAD


def wait_for_reports() -> None:
    """Returns when they are saved. (Other threads may be there for ever: libraries have some.)"""
    for thread in threading.enumerate():
        if thread.name == REPORT_THREAD:
            thread.join(60)
            assert not thread.is_alive(), "a report is not saved within a minute"
