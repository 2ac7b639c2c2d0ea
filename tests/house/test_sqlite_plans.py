"""How SQLite reads what is promised. It runs on SQLite alone: PostgreSQL plans by its own figures."""

import re

import pytest
from django.db import connection

from pickup import capacity
from pickup.models import Leg
from tests.pickup.test_promised import NOW

pytestmark = pytest.mark.django_db


def test_sqlite_begins_with_the_legs_to_come_even_when_it_knows_of_a_long_past():
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.executemany("INSERT INTO sqlite_stat1 VALUES (%s, %s, %s)", list(long_past(cursor)))
        cursor.execute("ANALYZE sqlite_master")  # reads the figures again

    legs = Leg.objects.planned(NOW).filter(collection__point__in=range(1, 21), collection__deposit_from__lt=NOW)
    plans = [
        capacity._to_come(legs).explain(),
        capacity._own_doors(legs.filter(status__in=Leg.INSIDE)).explain(),
    ]

    assert [first_table(plan) for plan in plans] == ["pickup_leg", "pickup_leg"], plans


def first_table(plan: str) -> str:
    """Of the outermost loop."""
    return re.search(r"(?:SEARCH|SCAN) (\w+)", plan)[1]


def long_past(cursor):
    """What ANALYZE finds after 100,000 orders of 20 banks that are over and 10,000 to come."""
    known = {
        ("pickup_leg", "status"): "110000 55000",
        ("pickup_leg", "collection_id"): "110000 1",
        ("pickup_collection", "point_id"): "110000 5500",
        ("pickup_collection", "status,ends_at"): "110000 55000 1",
        ("pickup_collection", "point_id,status,ends_at"): "110000 5500 2750 1",
    }
    for table in ("pickup_leg", "pickup_collection"):
        for name, details in connection.introspection.get_constraints(cursor, table).items():
            if details["index"]:
                figures = "10000 1" if name == "leg_needs_door" else known.get((table, ",".join(details["columns"])))
                if figures:
                    yield table, name, figures
