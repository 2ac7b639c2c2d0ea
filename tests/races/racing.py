"""Many people at the same moment: threads that start together, each with its own connection."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BoundedSemaphore

from django.db import connections

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
