"""What it costs to offer a basket its times: 20 banks of 50 doors, 10,000 reservations to come, with and without a long past.

In SQLite, then in a PostgreSQL of its own. Usage: python -m tests.bench.lockers offers
"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import time as clock
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

import django

BANKS, FUTURE, PAST = 20, 10_000, 100_000
EVENINGS = 21
DOORS = [
    *["S"] * 12, *["S low"] * 4, *["M"] * 10, *["L low"] * 2, *["L"] * 2,
    *["S chilled"] * 6, *["M chilled"] * 5, *["M chilled low"] * 2, *["L chilled"] * 2,
    *["S frozen"] * 3, *["M frozen"] * 2,
]  # fmt: skip
ROUNDS, WARM_UP = 60, 5
LATE = clock(22)  # the town's time: this evening is over, and the next six have the most reservations
_numbers = count(1)


def measure() -> None:
    """Fill the database of DATABASE_URL, offer, write the figures down."""
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from pickup.times import town_time
    from tests.bench.report import write
    from tests.pickup.makers import make_bank, make_sheet

    call_command("migrate", verbosity=0, skip_checks=True)
    banks = [make_bank(*DOORS) for _ in range(BANKS)]
    wanted = [(make_sheet(), 1), (make_sheet(temperature="chilled"), 1)]
    now = town_time(timezone.now(), LATE)
    random = Random(1)
    _promise(banks, now, random)
    told = [_row("10,000 to come", wanted, now)]
    _remember(banks, now, random)
    told.append(_row("and 100,000 past", wanted, now))
    _learn(banks, now)
    told.append(_row("and times of stay learnt", wanted, now))
    write("lockers-offers", told, banks=BANKS, doors=BANKS * len(DOORS), future=FUTURE, past=PAST)


def _row(name: str, wanted, now) -> dict:
    """One line of the table; PostgreSQL knows its tables first, as its autovacuum sees to. Nothing analyses SQLite's."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from pickup import windows
    from tests.bench.report import spread
    from tests.pickup.makers import fresh

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    goods = fresh(*wanted)
    samples, busy = [], []
    for number in range(ROUNDS + WARM_UP):
        begun, worked = time.perf_counter(), time.process_time()
        offered = windows.offers(goods, now=now + timedelta(milliseconds=number))  # no two residents ask at one moment
        if number >= WARM_UP:
            samples.append(1000 * (time.perf_counter() - begun))
            busy.append(1000 * (time.process_time() - worked))
    with CaptureQueriesContext(connection) as queries:
        windows.offers(goods, now=now)

    full = sum(not offer.windows for offer in offered)
    cpu = {f"cpu_{each}": value for each, value in spread(busy).items()}
    return {"reservations": name, **spread(samples), **cpu, "queries": len(queries), "banks without room": full}


def _promise(banks: list, now, random: Random) -> None:
    """Reservations on the next three weeks' evenings, the more the sooner, until the goal is reached."""
    from pickup.times import AMBIENT_END, COLD_END, EVENING, town_time

    rows = []
    for _ in range(FUTURE):
        bank = random.choice(banks)
        cold = random.random() < 0.35
        starts_at = town_time(now, EVENING, days=1 + min(int(random.expovariate(1 / 8)), EVENINGS))
        ends_at = town_time(starts_at, COLD_END if cold else AMBIENT_END, days=1)
        temperature = "ambient" if not cold else random.choice(["chilled", "chilled", "frozen"])
        size = random.choices(["S", "M", "L"], [60, 32, 8 if temperature != "frozen" else 0])[0]
        rows.append((bank, "confirmed", "reserved", starts_at, ends_at, temperature, size, None))
    _write(rows)


def _remember(banks: list, now, random: Random) -> None:
    """Orders of the last two years, all collected."""
    rows = []
    for number in range(PAST):
        starts_at = now - timedelta(days=2 + 700 * number / PAST)
        left_at = starts_at + timedelta(hours=random.expovariate(1 / 12))
        rows.append(
            (
                random.choice(banks),
                "collected",
                "collected",
                starts_at,
                starts_at + timedelta(days=1),
                "ambient",
                "S",
                left_at,
            )
        )
    _write(rows)


def _write(rows: list[tuple]) -> None:
    from oscar.core.loading import get_model

    from pickup.models import Collection, Leg

    Order = get_model("order", "Order")
    orders = Order.objects.bulk_create(
        [Order(number=f"B{next(_numbers)}", total_incl_tax=10, total_excl_tax=10, date_placed=row[3]) for row in rows],
        batch_size=2000,
    )
    collections = Collection.objects.bulk_create(
        [
            Collection(
                order=order, point=bank.point, code_bank=bank, status=status, starts_at=starts_at, ends_at=ends_at,
                deposit_from=starts_at - timedelta(hours=9), held_until=starts_at, collected_at=left_at,
            )
            for order, (bank, status, _leg, starts_at, ends_at, _temperature, _size, left_at) in zip(orders, rows, strict=True)
        ],
        batch_size=2000,
    )  # fmt: skip
    Leg.objects.bulk_create(
        [
            Leg(collection=collection, temperature=temperature, size=size, volume_l=5, status=status, collected_at=left_at)
            for collection, (_bank, _s, status, _a, _e, temperature, size, left_at) in zip(collections, rows, strict=True)
        ],
        batch_size=2000,
    )  # fmt: skip


def _learn(banks: list, now) -> None:
    """As the night's work would: enough stays to promise by."""
    from pickup.models import DwellCurve
    from pickup.planning import dwell
    from tests.bench.lockers.workload import Town, orders

    stays = [
        dwell.Observed(ready_h=each.ready, hours=each.leaves - each.ready, collected=each.collected, temperature=temperature)
        for each in orders(Town(orders_a_day=30, window_h=48), 1)
        for temperature in each.legs
    ]  # fmt: skip
    rates = dwell.learn(stays).to_json()
    prices = {
        each: {size: {str(hour): 0.01 for hour in range(0, 168, 3)} for size in "SML"}
        for each in ("ambient", "chilled")
    }
    DwellCurve.objects.bulk_create(
        DwellCurve(bank=bank, observed=len(stays), rates=rates, prices=prices, learnt_at=now) for bank in banks
    )


def main() -> None:
    if "--measure" in sys.argv:
        measure()
        return
    from tests import services
    from tests.bench.__main__ import environment

    with tempfile.TemporaryDirectory(prefix="halles-bench-") as folder, services.postgres(durable=True) as server:
        scratch = Path(folder)
        urls = {
            "sqlite": f"sqlite:///{scratch}/sqlite/bench.sqlite3",
            "postgresql": server.replace("/halles?", "/postgres?"),
        }
        for name, url in urls.items():
            own = environment(scratch / name, url) | {"BENCH_OUTPUT": os.environ["BENCH_OUTPUT"]}
            command = [sys.executable, "-W", "ignore", "-m", "tests.bench.lockers.offers", "--measure"]
            subprocess.run(command, env={**os.environ, **own}, check=True)


if __name__ == "__main__":
    main()
