"""Whole windows kept free: a greedy plan that seats every stay until its end. Pure.

In order of their start, each on the smallest class that has a free door for its whole stay; of the free doors that which was
left last (the smallest gap). Larger classes stand in for smaller ones. This is what the bank does at each first deposit, so
a set of stays that the plan seats is seated.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime

from pickup.planning.stays import ORDER, SIZES, Stay


def displaced(doors: dict[str, int], stays: Iterable[Stay]) -> int:
    """How many stays the greedy plan cannot seat. Those with a door already keep it."""
    ends: dict[str, list[datetime]] = {size: [] for size in SIZES}
    missed = 0
    for stay in sorted(stays, key=_turn):
        if stay.fixed:
            ends[stay.fixed].append(stay.end)
            ends[stay.fixed].sort()
            continue
        classes = SIZES[ORDER[stay.size] :]
        missed += not any(_seat(ends[size], doors.get(size, 0), stay) for size in classes)
    return missed


def fits(doors: dict[str, int], present: Sequence[Stay], stay: Stay) -> bool:
    """Whether one more stay displaces nobody, itself included. (A broken door may have displaced others before.)"""
    return _has_room_to_spare(doors, present, stay) or displaced(doors, [*present, stay]) == displaced(doors, present)


def _has_room_to_spare(doors: dict[str, int], present: Sequence[Stay], stay: Stay) -> bool:
    """Whether its own class never fills while it lasts, even if all who may sit there do: then no other plan changes."""
    order = ORDER[stay.size]
    others = sum(
        each.start < stay.end
        and each.end > stay.start
        and (each.fixed == stay.size if each.fixed else ORDER[each.size] <= order)
        for each in present
    )
    return others < doors.get(stay.size, 0)


def _turn(stay: Stay) -> tuple[bool, datetime, datetime]:
    return (not stay.fixed, stay.start, stay.end)


def _seat(ends: list[datetime], doors: int, stay: Stay) -> bool:
    """Take the door that was left last before the stay begins, else a door not used so far. `ends` stays sorted."""
    free = bisect_right(ends, stay.start)
    if free:
        del ends[free - 1]
    elif len(ends) >= doors:
        return False
    ends.insert(bisect_right(ends, stay.end), stay.end)
    return True
