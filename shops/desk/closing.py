"""Before a shop closes for some days: which promises fall into them, and what becomes of each.

An order is touched when its shop is not open between the beginning of the closure and the time at which its goods must be
brought, or not long enough to prepare them. The shopkeeper decides for each: prepared before, or refused and refunded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shops import deeds, hours, orders
from shops.desk import hooks
from shops.holidays import public_holidays
from shops.models import Closure, Deed, Shop, ShopOrder, Temperature

Status = ShopOrder.Status
TO_GIVE = [Status.AWAITING, Status.CONFIRMED, Status.PARTLY, Status.READY]
# Goods that are packed only need to be brought: nobody takes them back on this page.
REFUSABLE = {Status.AWAITING, Status.CONFIRMED, Status.PARTLY}
SOON_AFTER = timedelta(days=4)  # orders due so soon after a closure may have to be prepared before it


class OrdersWait(Exception):
    """Promised orders fall into these days, and nobody has said what becomes of them; nothing was written.

    `touched`: all of them, the first due first.
    """

    def __init__(self, touched: list[ShopOrder]):
        self.touched = touched
        super().__init__(_("Orders are promised for these days. Please say for each what becomes of it."))


@dataclass(frozen=True)
class Calendar:
    """A shop's hours with closures that need not be stored: what `hours` asks of a shop."""

    opening_hours: str
    rows: list[Closure]

    @property
    def closures(self) -> "Calendar":
        return self

    def all(self) -> list[Closure]:
        return self.rows


def touched_by(shop: Shop, closure: Closure) -> list[ShopOrder]:
    """The paid orders, not deposited yet, that the shop could no longer prepare once it closes; the first due first."""
    begin, end = (_midnight(day) for day in (closure.first_on, closure.last_on + timedelta(days=1)))
    due = _to_bring(shop).filter(deposit_by__range=(begin, end + SOON_AFTER))
    calendar = Calendar(shop.opening_hours, [*shop.closures.all(), closure])
    return _too_late(shop, due, calendar, start=max(begin, timezone.now()))


def pressed_by(shop: Shop, opening_hours: str) -> list[ShopOrder]:
    """The paid orders, not deposited yet, that fitted the shop's week and would not fit these hours; the first due first."""
    now, closures = timezone.now(), list(shop.closures.all())
    due = _to_bring(shop).filter(deposit_by__gte=now)
    before = {each.pk for each in _too_late(shop, due, Calendar(shop.opening_hours, closures), start=now)}
    after = _too_late(shop, due, Calendar(opening_hours, closures), start=now)
    return [each for each in after if each.pk not in before]


def _to_bring(shop: Shop):
    return ShopOrder.objects.of(shop).paid().filter(status__in=TO_GIVE)


def _too_late(shop: Shop, due, calendar: Calendar, *, start: datetime) -> list[ShopOrder]:
    """Those among `due` that cannot be prepared in the hours of `calendar` between `start` and their time."""
    found = list(due.select_related("order").prefetch_related("lines").order_by("deposit_by", "pk"))
    if not found:
        return []
    there = hooks.whereabouts(found)
    ready_at = hours.add_open_minutes(calendar, start, min(shop.lead_minutes, hours.DAY_MINUTES))
    return [
        each
        for each in found
        if (ready_at is None or ready_at > each.deposit_by) and not (each.pk in there and there[each.pk].deposited)
    ]


def close(shop: Shop, closure: Closure, *, kept: Iterable[int] = (), refused: Iterable[int] = (), by) -> None:
    """Store the closure; the orders `refused` (pks) are refused and refunded, those `kept` will be prepared before it.

    Raises `OrdersWait` when others are touched, also such as were placed a moment ago: the shop is locked, and no order can
    be placed meanwhile (`checkout.placing`).
    """
    refused = set(refused)
    with transaction.atomic():
        for shop_order in touched_by(shop, closure):
            if shop_order.pk in refused:
                _take_back(shop_order, by=by)
        Shop.objects.select_for_update().get(pk=shop.pk)
        left = touched_by(shop, closure)
        if not {each.pk for each in left} <= set(kept):
            raise OrdersWait(left)
        closure.shop = shop
        closure.save()
        deeds.note(shop, Deed.Kind.CLOSURE, by=by, detail=_in_words(closure))


def _in_words(closure: Closure) -> str:
    days = " – ".join(dict.fromkeys(date_format(day, "j F Y") for day in (closure.first_on, closure.last_on)))
    return f"{days}, {closure.opens_at:%H:%M}–{closure.closes_at:%H:%M}" if closure.is_opening else days


def reopen(closure: Closure, *, by) -> None:
    """As in the week after all."""
    with transaction.atomic():
        deeds.note(closure.shop, Deed.Kind.NO_CLOSURE, by=by, detail=_in_words(closure))
        closure.delete()


def _take_back(shop_order: ShopOrder, *, by) -> None:
    """Refuse a new order, or take the promise of an accepted one back; the resident is told and pays nothing."""
    reason = _("The shop must close")
    if shop_order.status == Status.AWAITING:
        orders.refuse_all(shop_order, reason=reason, by=by)
    elif shop_order.status in REFUSABLE:
        awaited = {code.temperature for code in hooks.deposit_codes(shop_order)}
        orders.mark_missing(shop_order, temperatures=awaited or Temperature.values, by=by, reason=reason)


def _midnight(day) -> datetime:
    return datetime.combine(day, datetime.min.time(), timezone.get_current_timezone())


@dataclass(frozen=True)
class Proposal:
    """A public holiday: whether the shop is closed by its weekly hours, and what one tap would store."""

    day: object
    name: str
    closed: bool
    planned: bool
    opens_at: object = None
    closes_at: object = None


def proposals(shop: Shop, *, ahead_days: int) -> list[Proposal]:
    """The public holidays of the town within `ahead_days`, each with the exception that the shop may want."""
    today = timezone.localdate()
    coming = {**public_holidays(today.year), **public_holidays(today.year + 1)}
    rows = list(shop.closures.filter(last_on__gte=today))
    week = hours.parse_week(shop.opening_hours)
    found = []
    for day, name in sorted(coming.items()):
        if not today <= day <= today + timedelta(days=ahead_days):
            continue
        usual = next(iter(week[hours.DAYS[day.weekday()]]), None)
        end = usual and (usual[1] if usual[1] > usual[0] else None)
        found.append(
            Proposal(
                day=day,
                name=name,
                closed=not hours.opening_intervals(shop.opening_hours, day, 1, rows),
                planned=any(row.first_on <= day <= row.last_on for row in rows),
                opens_at=usual[0] if end else None,
                closes_at=end or None,
            )
        )
    return found
