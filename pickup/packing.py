"""Goods to legs: what has to lie together, how much room it takes, and whether a compartment may hold it. Pure.

Compartments (reference bank): S 8 x 38 x 64 cm (19.5 l), M 19 x 38 x 64 (46 l), L 41 x 38 x 64 (99.7 l).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

from django.utils.translation import gettext as _

from pickup.models.device import Size
from shops.models import Shop, Temperature

LITRES = {Size.S: Decimal("19.5"), Size.M: Decimal("46"), Size.L: Decimal("99.7")}
HEIGHT_CM = {Size.S: 8, Size.M: 19, Size.L: 41}
DEPTH_CM = 64
# Bags and boxes leave air between them: a compartment is full when its goods add up to 80 % of its volume.
FILL = Decimal("0.8")
ALL_DAYS = frozenset(range(7))


@dataclass(frozen=True, kw_only=True)
class Goods:
    """Some pieces of one product, as collection sees them. Volumes are of one piece."""

    shop: Shop
    temperature: str
    volume_l: Decimal
    quantity: int
    min_age: int = 0
    needs_signature: bool = False
    longest_cm: int | None = None
    max_dwell_hours: int | None = None
    lead_minutes: int = 0
    title: str = ""
    days: frozenset[int] = ALL_DAYS  # weekdays on which they can be handed over or put into a locker, 0 for Monday

    @property
    def thickness_cm(self) -> float:
        """The least height it needs lying down: with its longest side known, the other two are taken as equal."""
        return sqrt(float(self.volume_l) * 1000 / self.longest_cm) if self.longest_cm else 0.0


@dataclass(frozen=True, kw_only=True)
class LegPlan:
    """What one compartment has to hold. `size` is "" when no compartment is large enough."""

    temperature: str
    volume_l: Decimal
    size: str
    shops: tuple[Shop, ...]


def pack(goods: Iterable[Goods]) -> list[LegPlan]:
    """One leg per temperature, all shops together; the smallest size whose usable volume and measures fit."""
    by_temperature: dict[str, list[Goods]] = {}
    for each in goods:
        by_temperature.setdefault(each.temperature, []).append(each)
    return [
        _leg(temperature, by_temperature[temperature]) for temperature in Temperature if temperature in by_temperature
    ]


def common_days(goods: Iterable[Goods]) -> frozenset[int]:
    """The weekdays on which all of the goods can be collected."""
    return ALL_DAYS.intersection(*(each.days for each in goods))


def counter_only_reason(goods: Iterable[Goods], plans: Iterable[LegPlan]) -> str:
    """Why no locker may be offered at all, as a sentence; "" when one may.

    A locker cannot check an age (code de la santé publique, art. L3342-1).
    """
    if age := max((each.min_age for each in goods), default=0):
        return _(
            "Your basket holds goods that may only be handed to people of %(age)s or over: a person must check it."
        ) % {"age": age}
    if any(each.needs_signature for each in goods):
        return _("Your basket holds goods for which you have to sign: a person must hand them over.")
    if any(not plan.size for plan in plans):
        return _("Your goods are too large for a locker.")
    return ""


def _leg(temperature: str, goods: list[Goods]) -> LegPlan:
    volume = sum((each.volume_l * each.quantity for each in goods), Decimal(0))
    shops = {each.shop.pk: each.shop for each in goods}
    return LegPlan(
        temperature=str(temperature),
        volume_l=volume,
        size=_smallest(volume, goods),
        shops=tuple(shops[pk] for pk in sorted(shops)),
    )


def _smallest(volume: Decimal, goods: list[Goods]) -> str:
    if any((each.longest_cm or 0) > DEPTH_CM for each in goods):
        return ""
    thickness = max(each.thickness_cm for each in goods)
    fitting = (size for size in Size if volume <= LITRES[size] * FILL and thickness <= HEIGHT_CM[size])
    return str(next(fitting, ""))
