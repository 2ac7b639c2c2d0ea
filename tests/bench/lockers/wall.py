"""A wall of doors through three weeks: orders are asked for, deposited, collected; a planner says yes or no. Virtual time.

At the first deposit a leg takes the smallest free door that is large enough, as the bank's controller does; a leg that finds none is
displaced: it goes to the counter and the bank has broken its word.
"""

import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from pickup.planning import Stay
from pickup.planning.stays import SIZES
from tests.bench.lockers.workload import CLEARED_AFTER_H, Order

MONDAY = datetime(2026, 8, 31, tzinfo=ZoneInfo("Europe/Paris"))
FILLING_H = 1.0
FAULT_PER_OPENING = 1 / 2000
REPAIRED_AFTER_H = 24.0
# What happens at one moment, in this order: doors come free before they are taken, and are taken before they are promised.
LEAVES, REPAIRED, BEGINS, READY, ASKED = range(5)


def at(hour: float) -> datetime:
    """An hour of the model as a moment."""
    return MONDAY + timedelta(hours=hour)


@dataclass(kw_only=True)
class Outcome:
    """What came of the orders."""

    accepted: set[int] = field(default_factory=set)
    displaced: set[int] = field(default_factory=set)
    legs: int = 0
    displaced_legs: int = 0
    upsized_legs: int = 0
    door_hours: float = 0.0


class Wall:
    """`doors`: in service, by temperature and size. `stays`: what a planner may know, by temperature and order."""

    def __init__(self, orders: list[Order], doors: dict[str, dict[str, int]], planner, *, faults: int | None = None):
        self.orders = orders
        self.doors = {temperature: dict(sizes) for temperature, sizes in doors.items()}
        self.stays: dict[str, dict[int, Stay]] = {temperature: {} for temperature in doors}
        self.outcome = Outcome()
        self.planner = planner
        self._free = {temperature: dict(sizes) for temperature, sizes in doors.items()}
        self._taken: dict[tuple[int, str], str] = {}
        self._random = None if faults is None else Random(faults)
        self._events = [(order.asked, ASKED, order.number, "", "") for order in orders]
        heapq.heapify(self._events)

    def run(self) -> Outcome:
        steps = {LEAVES: self._leaves, BEGINS: self._begins, READY: self._ready, ASKED: self._asked}
        while self._events:
            hour, kind, number, temperature, size = heapq.heappop(self._events)
            if kind == REPAIRED:
                self._count(temperature, size, 1)
            else:
                steps[kind](hour, self.orders[number])
        return self.outcome

    def wanted(self, order: Order) -> dict[str, Stay]:
        """The order's stays as they are planned when it is asked for."""
        return {
            temperature: Stay(
                start=at(order.begins),
                end=at(order.ends + CLEARED_AFTER_H),
                size=size,
                since=at(order.begins + FILLING_H),
            )
            for temperature, size in order.legs.items()
        }

    def _asked(self, hour: float, order: Order) -> None:
        if not self.planner.accepts(self, order, at(hour)):
            return
        self.outcome.accepted.add(order.number)
        for temperature, stay in self.wanted(order).items():
            self.stays[temperature][order.number] = stay
        heapq.heappush(self._events, (order.begins, BEGINS, order.number, "", ""))

    def _begins(self, hour: float, order: Order) -> None:
        for temperature, size in order.legs.items():
            self.outcome.legs += 1
            door = self._open(hour, order, temperature, size)
            if door is None:
                self.outcome.displaced_legs += 1
                self.outcome.displaced.add(order.number)
                del self.stays[temperature][order.number]
                continue
            self.outcome.upsized_legs += door != size
            self.outcome.door_hours += order.leaves - hour
            self._taken[order.number, temperature] = door
            self._free[temperature][door] -= 1
            self._change(order, temperature, fixed=door)
        heapq.heappush(self._events, (order.ready, READY, order.number, "", ""))
        heapq.heappush(self._events, (order.leaves, LEAVES, order.number, "", ""))

    def _ready(self, hour: float, order: Order) -> None:
        for temperature in order.legs:
            if order.number in self.stays[temperature]:
                self._change(order, temperature, since=at(hour), ready=True)

    def _leaves(self, hour: float, order: Order) -> None:
        self.planner.forgets(order)
        for temperature in order.legs:
            door = self._taken.pop((order.number, temperature), None)
            if door is not None:
                del self.stays[temperature][order.number]
                self._free[temperature][door] += 1
                self._fails(hour, temperature, door)

    def _open(self, hour: float, order: Order, temperature: str, size: str) -> str | None:
        """The size of the door that opened for the first deposit; those that jam are left alone."""
        for door in SIZES[SIZES.index(size) :]:
            while self._free[temperature][door]:
                if not self._fails(hour, temperature, door, openings=order.shops):
                    return door
        return None

    def _fails(self, hour: float, temperature: str, door: str, *, openings: int = 1) -> bool:
        if self._random is None or self._random.random() >= FAULT_PER_OPENING * openings:
            return False
        self._count(temperature, door, -1)
        heapq.heappush(self._events, (hour + REPAIRED_AFTER_H, REPAIRED, 0, temperature, door))
        return True

    def _count(self, temperature: str, door: str, change: int) -> None:
        self.doors[temperature][door] += change
        self._free[temperature][door] += change

    def _change(self, order: Order, temperature: str, **changes) -> None:
        stay = self.stays[temperature][order.number]
        known = {name: getattr(stay, name) for name in ("start", "end", "size", "fixed", "since", "ready")}
        self.stays[temperature][order.number] = Stay(**known | changes)
