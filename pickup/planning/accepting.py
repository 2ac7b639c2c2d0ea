"""Yes or no to one more order, and why not: the one function behind offers, holds and late payments. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from pickup.planning import odds, seating
from pickup.planning.dwell import Rates
from pickup.planning.prices import Prices, too_dear
from pickup.planning.stays import Doors, Stay, with_reserve, without_low, without_morning


class No:
    """Why there is no room; the codes of `Refusal`."""

    CLASS_FULL = "class_full"
    LOW_DOOR_FULL = "low_door_full"
    TOO_LARGE = "too_large"
    ZONE_OUT = "zone_out"


@dataclass(frozen=True, kw_only=True)
class Foresight:
    """What a bank has learnt of its own weeks. `certainty`: with which a promised compartment has to be free, below 1."""

    rates: Rates
    certainty: float
    prices: Prices = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Manners:
    """What is kept for others: low doors for those who need them, and doors for stays that end in the morning."""

    keep_low: bool = False
    keep_morning: bool = False


def why_not(
    doors: Mapping[str, Doors],
    stays: Mapping[str, Sequence[Stay]],
    wanted: Mapping[str, Stay],
    *,
    now: datetime,
    foresight: Foresight | None = None,
    manners: Manners | None = None,
) -> str:
    """ "" when every wanted stay (by temperature) has room beside the present ones, else a code of `No`.

    Without foresight whole windows are kept free and a door of each temperature stays in reserve. With foresight a door is free
    with the certainty asked for, and what makes it uncertain (long stays, a broken door) is met by what the margin leaves.
    """
    manners = manners or Manners()
    for temperature, stay in wanted.items():
        there = doors.get(temperature)
        if there is None or not there.large_enough(stay.size):
            return No.TOO_LARGE
        if not there.serve(stay.size):
            return No.ZONE_OUT
        present = stays.get(temperature, ())
        if not _room(_planned(there, present, stay, manners, foresight), present, stay, temperature, now, foresight):
            return No.CLASS_FULL
        if stay.low:
            low = [each for each in present if each.low]
            if not _room(there.low, low, stay, temperature, now, foresight):
                return No.LOW_DOOR_FULL
    if foresight and too_dear(foresight.prices, wanted, rates=foresight.rates, now=now):
        return No.CLASS_FULL
    return ""


def may_last(
    doors: Doors,
    present: Sequence[Stay],
    stay: Stay,
    *,
    until: datetime,
    temperature: str,
    now: datetime,
    foresight: Foresight | None = None,
) -> bool:
    """Whether a stay may last `until` then, though others are promised doors: it makes nothing worse, or not unsure."""
    longer = replace(stay, end=until)
    if foresight is None:
        return seating.displaced(doors.all, [*present, longer]) <= seating.displaced(doors.all, [*present, stay])
    return _room(doors.all, present, longer, temperature, now, foresight)


def _planned(
    doors: Doors, present: Sequence[Stay], stay: Stay, manners: Manners, foresight: Foresight | None
) -> dict[str, int]:
    planned = doors.all
    if manners.keep_low and not stay.low:
        taken = sum(each.legs for each in present if each.low and each.start < stay.end and each.end > stay.start)
        planned = without_low(doors, taken)
    if manners.keep_morning:
        planned = without_morning(planned)
    return planned if foresight else with_reserve(planned)


def _room(
    doors: dict[str, int],
    present: Sequence[Stay],
    stay: Stay,
    temperature: str,
    now: datetime,
    foresight: Foresight | None,
) -> bool:
    if foresight is None:
        return seating.fits(doors, present, stay)
    tolerated = 1 - foresight.certainty
    risk = odds.overflow(
        doors, present, stay, temperature=temperature, rates=foresight.rates, now=now, tolerated=tolerated
    )
    return risk <= tolerated
