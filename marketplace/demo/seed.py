"""Filling an instance with the town: may be called again, adds only what is missing, refuses where money is real."""

import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.utils import translation

from marketplace.demo import history, joining, orders, pages, people, places, trade, walls
from shops.models import Instance, Shop
from shops.payments import instance
from shops.payments.fake.transport import in_process


class NotADemo(Exception):
    """This instance is live: invented shops and orders have no place in it."""


def demo_only() -> None:
    """Raise `NotADemo` unless both the settings and the row written at the first setup say "demo"."""
    row = Instance.objects.first()
    if not settings.DEMO or (row is not None and row.mode != Instance.Mode.DEMO):
        raise NotADemo(
            "This instance is live. The demonstration town is only for demo instances with their own database."
        )


def is_empty() -> bool:
    """Whether nobody has filled this instance yet."""
    return "shops_shop" not in connection.introspection.table_names() or not Shop.objects.exists()


def seed(say: Callable[[str], None]) -> None:
    """The whole town, step by step with times told to `say`. Raises `NotADemo` before anything is written."""
    demo_only()
    instance.set_up(Instance.Mode.DEMO)
    steps: list[tuple[str, Callable[[], object]]] = [
        ("people", people.settle),
        ("contracts", joining.publish_contracts),
        ("shops, goods and photos", trade.open_shops),
        ("shops that join", joining.complete_shops),
        ("locker banks and counters", places.open_points),
        ("pages of the town and its associations", pages.publish),
        ("people who open shops", joining.let_association_open),
        ("orders", _tell_orders),
        ("lockers", walls.fill),
        ("figures of the last weeks", history.remember),
    ]
    with in_process(), translation.override("fr"):
        for name, step in steps:
            begun = time.monotonic()
            step()
            say(f"{name}: {time.monotonic() - begun:.1f} s")


def _tell_orders() -> None:
    places.banks_answer()
    orders.tell()
