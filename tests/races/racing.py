"""Many people at the same moment: threads that start together, each with its own connection."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BoundedSemaphore

from django.db import connections
from django.db.models import QuerySet

CONNECTIONS = 40  # PostgreSQL of the tests allows 300; the point is the race, not the number of sockets


def race(action, people: int) -> list:
    """Call `action(n)` for n in 0..people-1 at once; their results, exceptions included, in order."""
    barrier, turn = Barrier(people), BoundedSemaphore(CONNECTIONS)

    def run(number):
        barrier.wait()
        with turn:
            try:
                return action(number)
            except Exception as error:  # the race's result: counted by the test
                return error
            finally:
                connections.close_all()

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(run, range(people)))


def unlock(monkeypatch) -> None:
    """For controls: rows are read without their locks, as if nobody had thought of the others."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *args, **kwargs: rows.all())


def slow_down(monkeypatch, module, name: str) -> None:
    """Let `module.name` take long enough that everybody is inside at once, with and without locks, on a busy machine too."""
    real = getattr(module, name)

    def slow(*args, **kwargs):
        time.sleep(0.1)
        result = real(*args, **kwargs)
        time.sleep(0.1)  # whatever was read is old by now
        return result

    monkeypatch.setattr(module, name, slow)
