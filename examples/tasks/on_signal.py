"""A process that runs for long: ``kill -USR1 PID`` starts a profile, again ends and saves it.

Install: pyinstrument[tasks]. Run ``python on_signal.py [FOLDER]``; it prints what to do.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time

from pyinstrument_integrations.signal_toggle import profile_on_signal

folder = sys.argv[1] if len(sys.argv) > 1 else "profiles"
logging.basicConfig(level=logging.INFO)  # of profiles: when one starts, where it is saved
profile_on_signal("SIGUSR1", profile_dir=folder)


def refresh_cache() -> None:
    end = time.process_time() + 0.05
    while time.process_time() < end:
        pass


stop = threading.Event()
threading.Thread(target=lambda: sys.stdin.readline() and stop.set(), daemon=True).start()
print(f"twice: kill -USR1 {os.getpid()}; then look into {folder}/index.html", flush=True)
while not stop.is_set():  # a server would serve here; Enter ends it
    refresh_cache()
    print("cache refreshed", flush=True)
    time.sleep(0.05)
