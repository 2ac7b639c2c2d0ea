"""Many people at the same moment: threads that start together, each with its own connection."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Barrier, BoundedSemaphore, BrokenBarrierError

import pytest
from django.db import connections
from django.db.models import QuerySet

CONNECTIONS = 40  # PostgreSQL of the tests allows 300; the point is the race, not the number of sockets
PATIENCE = 2.0  # seconds for which somebody waits for a second one, who does not come when a lock works


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


@contextmanager
def meeting(*places: tuple[object, str], afterwards: bool = False):
    """Within, whoever comes to one of the `places` (owner, name) waits there for a second one, then both go on at once.

    Choose a place between what somebody read and what they write: without a lock the second has then decided on what the
    first is about to change, on the busiest machine too. Where a lock keeps the second away the first goes on after
    `PATIENCE`, and nobody waits any more. `afterwards`: wait when leaving the place, not when entering it.
    """
    pair = Barrier(2)

    def wait() -> None:
        with suppress(BrokenBarrierError):
            pair.wait(PATIENCE)

    def met(real):
        def call(*args, **kwargs):
            if not afterwards:
                wait()
            result = real(*args, **kwargs)
            if afterwards:
                wait()
            return result

        return call

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in places:
            patch.setattr(owner, name, met(getattr(owner, name)))
        yield
