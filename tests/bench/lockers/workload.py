"""Orders of an invented market town, for planning benchmarks: a model, never a field measurement.

Time is counted in hours from a Monday at midnight. All figures are assumptions or fits to what operators have published
(docs/allocation.md); change them here and measure again.
"""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

DAYS = 21
WEEKDAYS = [0.9, 0.9, 0.95, 1.0, 1.25, 1.5, 0.5]
# How busy the doors are, hour by hour: a warped clock runs at this speed, and dwell is drawn on it.
PROFILE = [
    *[0.1, 0.05, 0.05, 0.05, 0.1, 0.3, 0.7, 1.0, 1.1, 0.9, 0.9, 1.0],
    *[1.3, 1.0, 0.9, 1.0, 1.3, 2.0, 2.4, 2.1, 1.6, 1.1, 0.7, 0.3],
]
SPEED = [each * 24 / sum(PROFILE) for each in PROFILE]
RUN = [sum(SPEED[:hour]) for hour in range(25)]
NO_SHOW = 0.03
CLEARED_AFTER_H = 2.0
LITRES = {"S": 19.5, "M": 46.0, "L": 99.7}
TEMPERATURES = [("ambient", 0.62), ("chilled", 0.32), ("frozen", 0.06)]
BASE = {
    "ambient": {"S": 14, "M": 10, "L": 4},
    "chilled": {"S": 6, "M": 6, "L": 2},
    "frozen": {"S": 4, "M": 2, "L": 0},
}


@dataclass(frozen=True, kw_only=True)
class Dwell:
    """Weibull on the warped clock."""

    shape: float = 0.86
    scale_h: float = 13.3


PARCELS = Dwell()
SLOW = Dwell(shape=0.86, scale_h=36.0)
FAST = Dwell(shape=1.0, scale_h=5.0)


@dataclass(frozen=True, kw_only=True)
class Town:
    """One setting of the model. `christmas`: two thirds more orders in the third week."""

    orders_a_day: float
    window_h: float
    dwell: Dwell = PARCELS
    christmas: bool = False
    days: int = DAYS


@dataclass(frozen=True, kw_only=True)
class Order:
    """One order: wanted at `asked`, first deposit at `begins`, complete at `ready`, promised until `ends`, gone at `leaves`.

    `collected`: whether somebody came; otherwise the door was cleared at `leaves`.
    """

    number: int
    asked: float
    begins: float
    ready: float
    ends: float
    leaves: float
    collected: bool
    shops: int
    legs: dict[str, str] = field(hash=False)  # temperature: size
    parcels: list[tuple[str, str]] = field(
        hash=False
    )  # temperature and size of each shop's parcel, for doors of their own


def orders(town: Town, seed: int) -> list[Order]:
    """All orders whose first deposit falls into the days of the model, in the order in which they are asked for."""
    random = Random(f"{seed} {town}")
    drawn = []
    for day in range(town.days):
        rate = town.orders_a_day * WEEKDAYS[day % 7]
        if town.christmas and day >= 14:
            rate *= 1.67
        drawn += [_order(town, day, random) for _ in range(_poisson(rate, random))]
    drawn.sort(key=lambda order: order["asked"])
    return [Order(number=number, **order) for number, order in enumerate(drawn)]


def warped(moment: float) -> float:
    """The warped clock at a moment."""
    days, hour = divmod(moment, 24)
    whole = int(hour)
    return days * 24 + RUN[whole] + (hour - whole) * SPEED[whole]


def unwarped(reading: float) -> float:
    """The moment at which the warped clock shows `reading`."""
    days, rest = divmod(reading, 24)
    hour = min(bisect_right(RUN, rest) - 1, 23)
    return days * 24 + hour + (rest - RUN[hour]) / SPEED[hour]


def _order(town: Town, day: int, random: Random) -> dict:
    begins = day * 24 + min(max(random.gauss(15.5, 2.2), 9.5), 19.0)
    lead = random.uniform(1, 4) if random.random() < 0.6 else random.uniform(8, 24)
    shops = random.choices([1, 2, 3], [62, 26, 12])[0]
    ready = begins + random.expovariate(1)
    stay = random.weibullvariate(town.dwell.scale_h, town.dwell.shape)
    comes = unwarped(warped(ready) + stay)
    ends = begins + town.window_h
    collected = comes <= ends and random.random() >= NO_SHOW
    volumes: dict[str, float] = defaultdict(float)
    parcels = []
    for _ in range(shops):
        temperature = random.choices([name for name, _ in TEMPERATURES], [weight for _, weight in TEMPERATURES])[0]
        volume = min(random.lognormvariate(2.1972, 0.8), 95.0)
        volumes[temperature] = min(volumes[temperature] + volume, 99.0)
        parcels.append((temperature, size_of(volume)))
    return {
        "asked": begins - lead,
        "begins": begins,
        "ready": ready,
        "ends": ends,
        "leaves": comes if collected else ends + CLEARED_AFTER_H,
        "collected": collected,
        "shops": shops,
        "legs": {temperature: size_of(volume) for temperature, volume in volumes.items()},
        "parcels": parcels,
    }


def size_of(volume: float) -> str:
    """The smallest size that holds it."""
    return next(size for size, litres in LITRES.items() if volume <= litres)


def _poisson(mean: float, random: Random) -> int:
    """Arrivals within one unit of time."""
    count, moment = 0, random.expovariate(mean)
    while moment < 1:
        count, moment = count + 1, moment + random.expovariate(mean)
    return count
