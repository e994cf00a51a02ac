"""Celery: a profile of each task, saved by the worker. Install: pyinstrument[celery]

Run a worker by ``celery -A celery_app worker``. ``python celery_app.py [FOLDER]`` needs no broker:
it starts a worker in a thread. Open ``profiles/index.html`` then.
"""

from __future__ import annotations

import sys
import time

from celery import Celery

from pyinstrument_integrations.celery import profile_tasks

app = Celery("example", broker="memory://", backend="cache+memory://")
is_demo = __name__ == "__main__"
profile_tasks(sys.argv[1] if is_demo and len(sys.argv) > 1 else "profiles", slower_than=0.01)


def count_primes(below: int) -> int:
    return sum(all(number % part for part in range(2, number)) for number in range(2, below))


@app.task(name="example.report")
def report(below: int) -> int:
    time.sleep(0.02)
    return count_primes(below)


if is_demo:
    from celery.contrib.testing.worker import start_worker

    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=30):
        print("primes:", report.delay(1500).get(timeout=30))
