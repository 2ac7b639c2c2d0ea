"""Whole windows kept free: a greedy plan that seats every stay until its end. Pure.

In order of their start, each on the smallest class that has a free door for its whole stay; of the free doors that which was
left last (the smallest gap). Larger classes stand in for smaller ones. This is what the bank does at each first deposit, so
a set of stays that the plan seats is seated.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime

from pickup.planning.stays import ORDER, SIZES, Crowd, Stay


def displaced(doors: dict[str, int], stays: Iterable[Stay]) -> int:
    """How many legs the greedy plan cannot seat. Those with a door already keep it."""
    ends: dict[str, list[datetime]] = {size: [] for size in SIZES}
    waiting = []
    for stay in stays:
        if stay.fixed:
            ends[stay.fixed] += [stay.end] * stay.legs
        else:
            waiting.append(stay)
    for taken in ends.values():
        taken.sort()
    return sum(_left_over(stay, doors, ends) for stay in sorted(waiting, key=_turn))


def fits(doors: dict[str, int], present: Iterable[Stay], stay: Stay) -> bool:
    """Whether one more stay displaces nobody, itself included. (A broken door may have displaced others before.)"""
    crowd = Crowd.of(present)
    if _has_room_to_spare(doors, crowd, stay):
        return True
    before = crowd.found(("displaced", *doors.items()), lambda: displaced(doors, crowd))
    return displaced(doors, [*crowd, stay]) == before


def _has_room_to_spare(doors: dict[str, int], present: Iterable[Stay], stay: Stay) -> bool:
    """Whether its own class never fills while it lasts, even if all who may sit there do: then no other plan changes."""
    order = ORDER[stay.size]
    others = sum(
        each.legs
        for each in present
        if each.start < stay.end
        and each.end > stay.start
        and (each.fixed == stay.size if each.fixed else ORDER[each.size] <= order)
    )
    return others < doors.get(stay.size, 0)


def _turn(stay: Stay) -> tuple[datetime, datetime]:
    return stay.start, stay.end


def _left_over(stay: Stay, doors: dict[str, int], ends: dict[str, list[datetime]]) -> int:
    """Seat its legs, the smallest class first; how many found no door."""
    legs = stay.legs
    for size in SIZES[ORDER[stay.size] :]:
        legs -= _seated(legs, stay, ends[size], doors.get(size, 0))
        if not legs:
            break
    return legs


def _seated(legs: int, stay: Stay, ends: list[datetime], doors: int) -> int:
    """Take the doors that were left last before the stay begins, then doors not used so far. `ends` stays sorted."""
    free = bisect_right(ends, stay.start)
    seated = min(legs, free + max(0, doors - len(ends)))
    if seated:
        del ends[max(0, free - seated) : free]
        at = bisect_right(ends, stay.end)
        ends[at:at] = [stay.end] * seated
    return seated
