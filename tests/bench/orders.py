"""Complete orders a second: basket, order, held card, confirmation, by 1 to 8 processes at once; then the books are proven.

"different": each process sells a part of its own of the catalogue. "same": all orders have the same three products, so that
everybody waits for the same three rows. At the end eight processes fight for the last pieces of one product.
"""

import multiprocessing
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import django

WORKERS = (1, 2, 4, 8)
SECONDS = 4
LINES = 3
LAST_PIECES, TRIES = 5, 3


class Inconsistent(Exception):
    """The run lost an order, sold what was not there, or the books do not agree."""


@dataclass
class Till:
    """What one process has sold: the latency of each order and the CPU time of all in milliseconds, who was refused, what broke."""

    latencies: list[float] = field(default_factory=list)
    cpu_ms: float = 0.0
    refused: int = 0
    broken: Counter = field(default_factory=Counter)

    def sell(self, sheets: list, window) -> None:
        """One order, whatever becomes of it."""
        from marketplace.checkout.placing import PlacingError
        from shops.basket import BasketError
        from tests.bench import buying

        begun, worked = time.perf_counter(), time.process_time()
        try:
            buying.buy(sheets, window)
        except (PlacingError, BasketError):
            self.refused += 1
        except Exception as error:  # the run goes on; `measure` refuses to report it
            self.broken[f"{type(error).__name__}: {error}"[:120]] += 1
        else:
            self.latencies.append((time.perf_counter() - begun) * 1000)
            self.cpu_ms += (time.process_time() - worked) * 1000


def at_once(workers: int, work: Callable[[int], Till]) -> tuple[list[Till], float]:
    """`work(number)` in as many forked processes that begin together; what each sold, and the seconds until all were done."""
    from django.db import connections

    connections.close_all()
    forked = multiprocessing.get_context("fork")
    start, tills = forked.Barrier(workers + 1), forked.SimpleQueue()

    def process(number: int) -> None:
        start.wait()
        tills.put(work(number))
        connections.close_all()

    processes = [forked.Process(target=process, args=(number,), daemon=True) for number in range(workers)]
    for each in processes:
        each.start()
    start.wait()
    begun = time.perf_counter()
    found = [tills.get() for _process in processes]
    seconds = time.perf_counter() - begun
    for each in processes:
        each.join()
    return found, seconds


def measure(goods: str, workers: int, sheets: list, windows: list) -> dict:
    """One row: `workers` processes sell for some seconds. Raises `Inconsistent` when an order broke or was refused."""
    part = len(sheets) // workers if goods == "different" else 0

    def work(number: int) -> Till:
        till, window = Till(), windows[number % len(windows)]
        until = time.perf_counter() + SECONDS
        while time.perf_counter() < until:
            first = number * part + (len(till.latencies) * LINES % (part - LINES) if part else 0)
            till.sell(sheets[first : first + LINES], window)
        return till

    tills, seconds = at_once(workers, work)
    if trouble := sum((till.broken for till in tills), Counter()) or sum(till.refused for till in tills):
        raise Inconsistent(f"{goods}, {workers} workers: {trouble}")
    latencies = sorted(latency for till in tills for latency in till.latencies)
    return {
        "goods": goods,
        "workers": workers,
        "orders": len(latencies),
        "per_second": round(len(latencies) / seconds, 1),
        "p50_ms": round(statistics.median(latencies), 1),
        "p95_ms": round(latencies[int(len(latencies) * 0.95)], 1),
        "slowest_ms": round(latencies[-1], 1),
        "cpu_ms": round(sum(till.cpu_ms for till in tills) / len(latencies), 1),
    }


def fight(sheet, windows: list) -> dict:
    """Let eight processes want the last pieces of `sheet`, several times each. Raises `Inconsistent` unless all are sold once."""
    from django.db import transaction

    from shops import stock

    with transaction.atomic():
        stock.set_left(sheet.stock_id, LAST_PIECES)

    def work(number: int) -> Till:
        till = Till()
        for _try in range(TRIES):
            till.sell([sheet], windows[number % len(windows)])
        return till

    tills, _seconds = at_once(max(WORKERS), work)
    sold, refused = sum(len(till.latencies) for till in tills), sum(till.refused for till in tills)
    if (sold, refused) != (LAST_PIECES, max(WORKERS) * TRIES - LAST_PIECES):
        raise Inconsistent(f"Of {LAST_PIECES} last pieces {sold} were sold, {refused} refused.")
    return {"pieces": LAST_PIECES, "wanted": max(WORKERS) * TRIES, "sold": sold, "refused": refused}


def paid() -> int:
    """How many orders are paid: the order says so, its card is held, its collection confirmed."""
    from oscar.core.loading import get_model

    return (
        get_model("order", "Order")
        .objects.filter(status="paid", payments__status="authorised", collection__status="confirmed")
        .count()
    )


def prove(expected: int) -> None:
    """Raise unless exactly the orders that were sold stand, no product is promised twice, and the books agree."""
    from django.core.management import call_command
    from django.db.models import F
    from oscar.core.loading import get_model

    if (found := paid()) != expected:
        raise Inconsistent(f"{expected} orders were sold, {found} stand in the database.")
    if over := get_model("partner", "StockRecord").objects.filter(num_allocated__gt=F("num_in_stock")).count():
        raise Inconsistent(f"{over} products are promised more often than they are there.")
    call_command("check_books", offline=True)


def main() -> None:
    django.setup()
    from shops.models import ProductSheet
    from tests.bench import buying, report, town
    from tests.bench.visitor import stripe_apart

    sheets = list(ProductSheet.objects.with_all().order_by("pk"))
    windows = buying.counter_windows(sheets[:LINES])
    with stripe_apart():
        buying.buy(sheets[:LINES], windows[0])  # imports and templates are there before the processes are forked
        stood = paid()
        rows = [measure(goods, workers, sheets, windows) for goods in ("different", "same") for workers in WORKERS]
        last = fight(sheets[0], windows)
        prove(stood + sum(row["orders"] for row in rows) + last["sold"])
    report.write("orders", rows, products=town.PRODUCTS, lines=LINES, seconds=SECONDS, last_pieces=last)


if __name__ == "__main__":
    main()
