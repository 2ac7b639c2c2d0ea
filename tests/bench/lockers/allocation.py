"""How many orders a bank serves of those that it could have served: planners side by side, in a model of a town.

Usage: python -m tests.bench.lockers allocation
"""

import json
import os
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import django

SEEDS = range(1, 11)
PAST_TRACES = 3  # other weeks of the same town, from which a planner may learn: 9 weeks in all
CERTAINTY = 0.87
# In orders, for the bound of `unseen`: valid whatever it is, and lowest so (trial runs, 0.5 to 3).
DISPLACED_COSTS = 1.0


@dataclass(frozen=True, kw_only=True)
class Case:
    """One town to plan for. `displaced`: which share of the accepted legs may find no door, for the bound of `unseen`."""

    name: str
    town: dict
    doors: dict = field(default_factory=dict)
    displaced: float = 0.008
    faults: bool = False


def cases() -> list[Case]:
    from tests.bench.lockers.workload import BASE, FAST, SLOW

    s_heavy = {"ambient": _doors(20, 8, 2), "chilled": _doors(8, 6, 1), "frozen": _doors(4, 2, 0)}
    l_heavy = {"ambient": _doors(6, 8, 8), "chilled": _doors(4, 4, 4), "frozen": _doors(2, 3, 0)}
    two_days = [
        Case(name="48 h", town={"orders_a_day": each, "window_h": 48}, doors=BASE, displaced=displaced)
        for each, displaced in ((20, 0.004), (30, 0.004), (45, 0.008))
    ]
    same_evening = [
        Case(name="24 h, same evening", town={"orders_a_day": each, "window_h": 24, "dwell": FAST}, doors=BASE)
        for each in (45, 70, 100)
    ]
    return [
        *two_days,
        *same_evening,
        Case(name="24 h", town={"orders_a_day": 45, "window_h": 24}, doors=BASE),
        Case(name="48 h, slow", town={"orders_a_day": 30, "window_h": 48, "dwell": SLOW}, doors=BASE),
        Case(name="48 h, Christmas", town={"orders_a_day": 30, "window_h": 48, "christmas": True}, doors=BASE),
        Case(name="48 h, doors fail", town={"orders_a_day": 45, "window_h": 48}, doors=BASE, faults=True),
        Case(name="24 h, more small doors", town={"orders_a_day": 45, "window_h": 24}, doors=s_heavy),
        Case(name="24 h, more large doors", town={"orders_a_day": 45, "window_h": 24}, doors=l_heavy),
    ]


def planners(past: list, doors: dict) -> dict:
    """By name: a function that makes one. Those of the production are `Ours`."""
    from dataclasses import replace

    from tests.bench.lockers import planners as kinds

    learnt = kinds.foresight(past, doors, certainty=CERTAINTY, prices=True)
    return {
        "first fit": lambda: kinds.NumberedDoors(best=False),
        "best fit": lambda: kinds.NumberedDoors(best=True),
        "a door per shop": lambda: kinds.NumberedDoors(best=True, alone=True),
        "late binding": kinds.LateBinding,
        "quantile .85": lambda: kinds.Quantile([order for trace in past for order in trace], 0.85),
        "ours, windows": kinds.Ours,
        "ours, odds": lambda: kinds.Ours(replace(learnt, prices={})),
        "ours": lambda: kinds.Ours(learnt),
        "everybody": kinds.Everybody,
    }


def run(case: Case, seed: int) -> dict:
    """One trace with every planner."""
    _set_up()
    from pickup.kpi.bound import Wish, could_be_accepted
    from tests.bench.lockers import unseen
    from tests.bench.lockers.wall import Wall
    from tests.bench.lockers.workload import Town, orders

    town = Town(**case.town)
    asked = orders(town, seed)
    past = [orders(town, 1000 * seed + number) for number in range(PAST_TRACES)]
    bound = could_be_accepted(
        [Wish.at_once(start=each.begins, end=each.leaves, legs=each.legs) for each in asked], case.doors
    )
    found = {}
    for name, make in planners(past, case.doors).items():
        begun = time.perf_counter()
        outcome = Wall(asked, case.doors, make(), faults=seed if case.faults else None).run()
        found[name] = {
            "accepted": len(outcome.accepted),
            "of_bound": 100 * len(outcome.accepted) / bound,
            "served_of_bound": 100 * (len(outcome.accepted) - len(outcome.displaced)) / bound,
            "displaced": 100 * outcome.displaced_legs / max(1, outcome.legs),
            "upsized": 100 * outcome.upsized_legs / max(1, outcome.legs),
            "several_temperatures": _share(outcome.accepted, [each for each in asked if len(each.legs) > 1]),
            "one_temperature": _share(outcome.accepted, [each for each in asked if len(each.legs) == 1]),
            "ms": 1000 * (time.perf_counter() - begun) / len(asked),
        }
    orders_known = [unseen.known(each, town.dwell) for each in asked]
    most = unseen.most(orders_known, case.doors, displaced=case.displaced, price=DISPLACED_COSTS)
    return {"offered": len(asked), "bound": bound, "unseen_bound": 100 * most / bound, "planners": found}


def _share(accepted: set[int], among: list) -> float:
    return 100 * sum(order.number in accepted for order in among) / max(1, len(among))


def _doors(small: int, medium: int, large: int) -> dict[str, int]:
    return {"S": small, "M": medium, "L": large}


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings.test")
    django.setup()


def mean(values: list[float]) -> float:
    return round(statistics.fmean(values), 2)


def error(values: list[float]) -> float:
    """The standard error of the mean."""
    return round(statistics.stdev(values) / len(values) ** 0.5, 2)


def rows(case: Case, traces: list[dict]) -> list[dict]:
    """One row for each planner: means over the traces, and how sure they are."""
    told = []
    for name in traces[0]["planners"]:
        each = {key: [trace["planners"][name][key] for trace in traces] for key in traces[0]["planners"][name]}
        told.append(
            {
                "case": case.name,
                "orders/day": case.town["orders_a_day"],
                "planner": name,
                "offered": mean([trace["offered"] for trace in traces]),
                "bound": mean([trace["bound"] for trace in traces]),
                "% of bound": mean(each["of_bound"]),
                "+-": error(each["of_bound"]),
                "displaced %": mean(each["displaced"]),
                "± ": error(each["displaced"]),
                "served %": mean(each["served_of_bound"]),
                "upsized %": mean(each["upsized"]),
                "1 temp. %": mean(each["one_temperature"]),
                "more %": mean(each["several_temperatures"]),
                "unseen bound %": mean([trace["unseen_bound"] for trace in traces]),
                "ms/order": mean(each["ms"]),
            }
        )
    return told


def main() -> None:
    _set_up()
    from tests.bench.lockers.picture import draw
    from tests.bench.report import table

    begun = time.perf_counter()
    told = []
    with ProcessPoolExecutor(max_workers=max(1, min(4, os.cpu_count() or 1))) as pool:
        for case in cases():
            found = rows(case, list(pool.map(partial(run, case), SEEDS)))
            told += found
            print(f"\n{case.name}, {case.town['orders_a_day']} orders a day, {len(SEEDS)} traces of 21 days")
            shown = [
                {name: value for name, value in row.items() if name not in ("case", "orders/day")} for row in found
            ]
            print("\n".join(table(shown)), flush=True)
    seconds = round(time.perf_counter() - begun)
    folder = Path(os.environ["BENCH_OUTPUT"])
    path = folder / "lockers-allocation.json"
    path.write_text(json.dumps({"name": "lockers-allocation", "seconds": seconds, "rows": told}, indent=2) + "\n")
    draw(told, folder / "lockers-allocation.svg")
    print(f"\n{seconds} s -> {path}", flush=True)


if __name__ == "__main__":
    main()
