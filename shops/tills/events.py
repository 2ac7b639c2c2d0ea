"""What happens in a shop, in an order that no program misses a part of.

Rows are written in the transaction of what happened and have no position. Positions are given afterwards, by one numberer at a
time (the lock of the shop's row), to rows that are committed. So a lower position never appears after a higher one was read, in
whatever order the transactions end: that is what keys or times of a table cannot promise. Whoever is numbered is also owed to
the addresses that want to hear of it, in the same transaction: once.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.dispatch import receiver
from django.utils import timezone

from shops import signals
from shops.models import HookCall, ProductSheet, Shop, ShopEvent, ShopOrder
from shops.tills import messages

Kind, Status = ShopEvent.Kind, ShopOrder.Status
AT_ONCE = 500  # rows numbered in one transaction

KINDS = {
    Status.CONFIRMED: Kind.ACCEPTED,
    Status.PARTLY: Kind.ACCEPTED,
    Status.REFUSED: Kind.REFUSED,
    Status.READY: Kind.READY,
    Status.CANCELLED: Kind.CANCELLED,
    Status.COLLECTED: Kind.COLLECTED,
    Status.MISSING: Kind.MISSING,
    Status.NO_SHOW: Kind.NOT_COLLECTED,
}


@receiver(signals.order_paid, dispatch_uid="tills.order_paid")
def note_placed(order, **kwargs) -> None:
    """A paid order came to its shops, and may have taken the last piece of something."""
    now = timezone.now()
    sheets = ProductSheet.objects.filter(stock__in=order.lines.values("stockrecord")).select_related("stock")
    placed = [
        ShopEvent(shop_id=shop_pk, kind=Kind.PLACED, shop_order_id=pk, at=now)
        for pk, shop_pk in order.shop_orders.filter(paid_at__isnull=False).values_list("pk", "shop_id")
    ]
    gone = [
        ShopEvent(shop_id=sheet.shop_id, kind=Kind.SOLD_OUT, sheet=sheet, at=now)
        for sheet in sheets.order_by("pk")
        if not sheet.left
    ]
    ShopEvent.objects.bulk_create([*placed, *gone])


@receiver(signals.shop_order_moved, dispatch_uid="tills.shop_order_moved")
def note_move(shop_order, **kwargs) -> None:
    """An order that its shop has seen went on."""
    kind = KINDS.get(shop_order.status)
    if kind and shop_order.paid_at is not None:
        ShopEvent.objects.create(shop_id=shop_order.shop_id, kind=kind, shop_order=shop_order)


@receiver(signals.replacement_chosen, dispatch_uid="tills.replacement_chosen")
def note_choice(line, **kwargs) -> None:
    """The resident took goods that were offered instead of others, or did not."""
    order = line.shop_order
    ShopEvent.objects.create(shop_id=order.shop_id, kind=Kind.CHANGED, shop_order=order)


def number(shop: Shop) -> int:
    """Give positions to what was committed since, and owe it to whoever listens; how many rows that were."""
    if not shop.events.unnumbered().exists():
        return 0
    done = 0
    while batch := _number_some(shop):
        done += batch
    return done


def number_all() -> int:
    """The same for every shop with something new."""
    pks = ShopEvent.objects.filter(position=None).values("shop")
    return sum(number(shop) for shop in Shop.objects.filter(pk__in=pks).order_by("pk"))


@transaction.atomic
def _number_some(shop: Shop) -> int:
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    rows = list(shop.events.unnumbered().select_related("shop_order", "sheet__stock")[:AT_ONCE])
    if not rows:
        return 0
    last = shop.events.aggregate(last=Max("position"))["last"] or 0
    for position, row in enumerate(rows, start=last + 1):
        row.position = position
    ShopEvent.objects.bulk_update(rows, ["position"])
    _owe_calls(shop, rows)
    return len(rows)


def _owe_calls(shop: Shop, rows: Iterable[ShopEvent]) -> None:
    calls = []
    for hook in shop.hooks.hearing():
        calls += [
            HookCall(hook=hook, event=row, kind=row.kind, body=messages.body(row))
            for row in rows
            if row.kind in hook.kinds and row.at >= hook.created_at
        ]
    HookCall.objects.bulk_create(calls)
