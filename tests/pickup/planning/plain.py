"""The rules of promising as they are told, leg by leg and door by door, without a thought for speed: what the quick ways must say too."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from pickup.planning import Doors, Foresight, Manners, No, Stay, odds
from pickup.planning.prices import too_dear
from pickup.planning.stays import ORDER, with_reserve, without_low, without_morning

NEVER = datetime.min.replace(tzinfo=UTC)


def one_by_one(stays: Iterable[Stay]) -> list[Stay]:
    """Each leg as a stay of its own."""
    return [replace(stay, legs=1) for stay in stays for _ in range(stay.legs)]


def why_not(
    doors: Mapping[str, Doors],
    stays: Mapping[str, list[Stay]],
    wanted: Mapping[str, Stay],
    *,
    now: datetime,
    foresight: Foresight | None,
    manners: Manners,
) -> str:
    """The same question as `planning.why_not`."""
    for temperature, stay in wanted.items():
        present, low = one_by_one(stays[temperature]), [each for each in one_by_one(stays[temperature]) if each.low]
        there = doors[temperature]
        if not any(ORDER[size] >= ORDER[stay.size] for size in there.all):
            return No.TOO_LARGE
        if not any(count and ORDER[size] >= ORDER[stay.size] for size, count in there.all.items()):
            return No.ZONE_OUT
        planned = there.all
        if manners.keep_low and not stay.low:
            planned = without_low(there, len([each for each in low if each.start < stay.end and each.end > stay.start]))
        if manners.keep_morning:
            planned = without_morning(planned)
        if not has_room(planned if foresight else with_reserve(planned), present, stay, temperature, now, foresight):
            return No.CLASS_FULL
        if stay.low and not has_room(there.low, low, stay, temperature, now, foresight):
            return No.LOW_DOOR_FULL
    if foresight and too_dear(foresight.prices, wanted, rates=foresight.rates, now=now):
        return No.CLASS_FULL
    return ""


def has_room(doors, present: list[Stay], stay: Stay, temperature: str, now: datetime, foresight: Foresight | None):
    """One stay more: nobody else is without a door, or a door is free as surely as asked."""
    if foresight is None:
        return displaced(doors, [*present, stay]) == displaced(doors, present)
    return risk(doors, present, stay, temperature, now, foresight) <= 1 - foresight.certainty


def displaced(doors: Mapping[str, int], stays: list[Stay]) -> int:
    """Give doors out one after the other, in order of the start: the smallest that will do, of these the one left last."""
    left_at = [[size, NEVER] for size, count in doors.items() for _ in range(count)]
    for stay in stays:
        if stay.fixed:
            own = next((door for door in left_at if door == [stay.fixed, NEVER]), None)
            if own is None:  # its door is out of service by now
                left_at.append(own := [stay.fixed, NEVER])
            own[1] = stay.end
    missed = 0
    for stay in sorted((each for each in stays if not each.fixed), key=lambda each: (each.start, each.end)):
        free = [door for door in left_at if ORDER[door[0]] >= ORDER[stay.size] and door[1] <= stay.start]
        if not free:
            missed += 1
            continue
        smallest = min(ORDER[size] for size, _left in free)
        max((door for door in free if ORDER[door[0]] == smallest), key=lambda door: door[1])[1] = stay.end
    return missed


def risk(doors, present: list[Stay], stay: Stay, temperature: str, now: datetime, foresight: Foresight) -> float:
    """The highest chance, whenever somebody is due while the stay lasts, that more legs are there than doors large enough."""
    everybody = [each for each in [*present, stay] if each.start < stay.end and (each.fixed or each.end > stay.start)]
    moments = [each.start for each in everybody if stay.start <= each.start]
    worst = 0.0
    for order in range(ORDER[stay.fixed or stay.size] + 1):
        count = sum(number for size, number in doors.items() if ORDER[size] >= order)
        rivals = [each for each in everybody if ORDER[each.fixed or each.size] >= order]
        for moment in moments:
            chances = [
                float(odds.still_there(each, [moment], temperature=temperature, rates=foresight.rates, now=now)[0])
                for each in rivals
            ]
            worst = max(worst, more_than(count, chances))
    return worst


def more_than(count: int, chances: list[float]) -> float:
    """The chance that more than `count` of independent events happen: event by event, how likely is each number so far."""
    number = [1.0]
    for chance in chances:
        number = [
            (number[so_far] if so_far < len(number) else 0.0) * (1 - chance)
            + (number[so_far - 1] * chance if so_far else 0.0)
            for so_far in range(len(number) + 1)
        ]
    return sum(number[count + 1 :])
