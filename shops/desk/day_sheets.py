"""The day sheet: a mail in the morning with all that a shop without a computer must know of its orders. Once a day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from marketplace.foundation import messages
from marketplace.foundation.models import Message
from marketplace.foundation.nudges import nudge
from marketplace.foundation.tasks import send_messages
from shops.desk import hooks
from shops.desk.board import on_desk
from shops.models import Shop, ShopOrder

FROM, UNTIL = time(5), time(11)  # the town's time: a sheet that comes at noon helps nobody


@dataclass(frozen=True)
class Entry:
    """One order on the sheet."""

    shop_order: ShopOrder
    lines: list
    place: str
    initials: str
    pins: list[str]

    @property
    def is_new(self) -> bool:
        """Whether the shop has still to answer."""
        return self.shop_order.status == ShopOrder.Status.AWAITING


def due(now: datetime | None = None) -> list[Shop]:
    """The shops that want a sheet, have orders today and have not had it; none outside the morning."""
    now = timezone.localtime(now)
    if not FROM <= now.time() < UNTIL:
        return []
    wanting = list(Shop.objects.filter(wants_day_sheet=True).exclude(email=""))
    had = set(
        Message.objects.filter(key__in=[_key(shop, now.date()) for shop in wanting]).values_list("key", flat=True)
    )
    return [shop for shop in wanting if _key(shop, now.date()) not in had and _today(shop, now).exists()]


def send_due(now: datetime | None = None) -> int:
    """Owe each of these shops its mail; how many. Safe to repeat."""
    return sum(_owe(shop, timezone.localtime(now)) for shop in due(now))


def entries(shop: Shop, now: datetime) -> list[Entry]:
    """The open orders to deposit or to answer today, the next deposit first."""
    shop_orders = list(_today(shop, now).order_by("deposit_by", "pk").prefetch_related("lines__replaces"))
    where = hooks.whereabouts(shop_orders)
    return [_entry(each, where.get(each.pk)) for each in shop_orders]


@transaction.atomic
def _owe(shop: Shop, now: datetime) -> bool:
    with translation.override(settings.LANGUAGE_CODE):
        context = {"shop": shop, "day": now.date(), "entries": entries(shop, now), "phone": settings.HELP_PHONE}
        owed = messages.owe(
            "day_sheet", key=_key(shop, now.date()), to=shop.email, language=settings.LANGUAGE_CODE, context=context
        )
    nudge(send_messages)
    return owed


def _key(shop: Shop, day: date) -> str:
    return f"day_sheet:{shop.pk}:{day}"


def _today(shop: Shop, now: datetime):
    morning = now.replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = (morning + timedelta(hours=36)).replace(hour=0)  # also on days of 23 or 25 hours
    to_deposit = Q(deposit_by__gte=morning, deposit_by__lt=tomorrow)
    to_answer = Q(status=ShopOrder.Status.AWAITING, answer_by__lt=tomorrow)
    return on_desk(shop).filter(to_deposit | to_answer).exclude(status__in=ShopOrder.ENDED)


def _entry(shop_order: ShopOrder, where: hooks.Whereabouts | None) -> Entry:
    promise = hooks.promise(shop_order)
    lines = [line for line in shop_order.lines.all() if line.supplied_quantity and not line.is_offered]
    return Entry(
        shop_order=shop_order,
        lines=lines,
        place=where.place if where else "",
        initials=promise.initials if promise else "",
        pins=[code.pin for code in hooks.deposit_codes(shop_order)],
    )
