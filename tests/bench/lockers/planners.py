"""Planners to compare: the production's own, and those that a town could buy instead."""

from collections import defaultdict
from datetime import datetime, timedelta

from pickup.kpi import prices as worth
from pickup.kpi.prices import Asked
from pickup.planning import Doors, Foresight, dwell, seating, why_not
from pickup.planning.dwell import Observed
from pickup.planning.stays import SIZES, Stay
from tests.bench.lockers.wall import FILLING_H, Wall, at
from tests.bench.lockers.workload import CLEARED_AFTER_H, Order


def foresight(past: list[list[Order]], doors: dict, *, certainty: float, prices: bool) -> Foresight:
    """What a bank would have learnt from other weeks of the same town: each list is a trace of its own."""
    stays = [
        Observed(
            ready_h=order.ready,
            hours=(order.leaves if order.collected else order.ends) - order.ready,
            collected=order.collected,
            temperature=temperature,
        )
        for trace in past
        for order in trace
        for temperature in order.legs
    ]
    rates = dwell.learn(stays)
    learnt = [worth.learn([asked(order) for order in trace], doors, rates).prices for trace in past] if prices else []
    mean = {each: sum(one[each] for one in learnt) / len(learnt) for each in doors} if learnt else {}
    return Foresight(rates=rates, certainty=certainty, prices=mean)


def asked(order: Order) -> Asked:
    """The order as it is known when it is asked for."""
    return Asked(
        start=order.begins, ready=order.begins + FILLING_H, end=order.ends + CLEARED_AFTER_H, legs=dict(order.legs)
    )


class Everybody:
    """Promise a door to whoever goods have a size for: what the doors themselves can bear."""

    def accepts(self, wall: Wall, order: Order, now: datetime) -> bool:
        return all(
            any(wall.doors[temperature][each] for each in SIZES[SIZES.index(size) :])
            for temperature, size in order.legs.items()
        )

    def forgets(self, order: Order) -> None:
        """Nothing is noted."""


class Ours(Everybody):
    """The production's function, with what the bank has learnt or without."""

    def __init__(self, learnt: Foresight | None = None):
        self.learnt = learnt

    def accepts(self, wall: Wall, order: Order, now: datetime) -> bool:
        doors = {temperature: Doors(all=sizes, low={}) for temperature, sizes in wall.doors.items()}
        stays = {temperature: list(present.values()) for temperature, present in wall.stays.items()}
        return not why_not(doors, stays, wall.wanted(order), now=now, foresight=self.learnt)


class LateBinding(Everybody):
    """Whole windows by class, the door chosen at the first deposit, nothing kept in reserve."""

    def accepts(self, wall: Wall, order: Order, now: datetime) -> bool:
        return super().accepts(wall, order, now) and all(
            seating.fits(wall.doors[temperature], self._planned(wall, temperature), stay)
            for temperature, stay in self._stays(wall, order).items()
        )

    def _stays(self, wall: Wall, order: Order) -> dict[str, Stay]:
        return wall.wanted(order)

    def _planned(self, wall: Wall, temperature: str) -> list[Stay]:
        return list(wall.stays[temperature].values())


class Quantile(LateBinding):
    """Each leg until its own quantile of dwell, learnt by hour of the deposit; unconditional."""

    def __init__(self, past: list[Order], quantile: float):
        waits = defaultdict(list)
        for order in past:
            waits[int(order.begins) % 24].append(order.leaves - order.begins)
        every = sorted(order.leaves - order.begins for order in past)
        self._longest = {
            hour: self._of(sorted(waits[hour]) if len(waits[hour]) > 30 else every, quantile) for hour in range(24)
        }

    def _stays(self, wall: Wall, order: Order) -> dict[str, Stay]:
        return {temperature: self._short(stay) for temperature, stay in wall.wanted(order).items()}

    def _planned(self, wall: Wall, temperature: str) -> list[Stay]:
        return [self._short(stay) for stay in wall.stays[temperature].values()]

    def _short(self, stay: Stay) -> Stay:
        until = min(stay.end, stay.start + timedelta(hours=self._longest[stay.start.hour]))
        return Stay(start=stay.start, end=until, size=stay.size, fixed=stay.fixed)

    @staticmethod
    def _of(waits: list[float], quantile: float) -> float:
        return waits[min(len(waits) - 1, int(quantile * len(waits)))]


class NumberedDoors(Everybody):
    """A door with a number is promised when the order is placed. `best`: the smallest that fits and was left last, else the first.

    `alone`: every shop's parcel has a door of its own, as where shops do not share.
    """

    def __init__(self, *, best: bool, alone: bool = False):
        self.best, self.alone = best, alone
        self._promised: dict[tuple, list[tuple[datetime, datetime]]] = defaultdict(list)
        self._doors_of: dict[int, list[tuple]] = {}

    def accepts(self, wall: Wall, order: Order, now: datetime) -> bool:
        start, end = at(order.begins), at(order.ends + CLEARED_AFTER_H)
        chosen: list[tuple] = []
        for temperature, size in order.parcels if self.alone else order.legs.items():
            door = self._door(wall.doors[temperature], temperature, size, start, end, chosen)
            if door is None:
                return False
            chosen.append(door)
        for door in chosen:
            self._promised[door].append((start, end))
        self._doors_of[order.number] = [(door, (start, end)) for door in chosen]
        return True

    def forgets(self, order: Order) -> None:
        for door, promise in self._doors_of.pop(order.number, []):
            self._promised[door].remove(promise)

    def _door(self, sizes: dict[str, int], temperature: str, size: str, start, end, chosen: list) -> tuple | None:
        for each in SIZES[SIZES.index(size) :]:
            doors = [(temperature, each, number) for number in range(sizes[each])]
            free = [door for door in doors if door not in chosen and self._is_free(door, start, end)]
            if free:
                return max(free, key=lambda door: self._left(door, start)) if self.best else free[0]
        return None

    def _is_free(self, door: tuple, start: datetime, end: datetime) -> bool:
        return all(until <= start or begins >= end for begins, until in self._promised[door])

    def _left(self, door: tuple, start: datetime) -> datetime:
        return max((until for _begins, until in self._promised[door] if until <= start), default=at(-48))
