"""Goods sold by weight: accepted in one tap, weighed when they are packed, debited with their real weight.

The debit waits for the weight, until `deadline`: then the usual weight is charged, which the resident has read beside the
price, never the ceiling.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shops import weights
from shops.models import Payment, ShopOrder, ShopOrderLine
from shops.orders import settling
from shops.orders.errors import AlreadyDebited, WrongWeight
from shops.orders.moving import locked, locked_shop_order

logger = logging.getLogger(__name__)

Status = ShopOrder.Status
PACKING = [Status.CONFIRMED, Status.PARTLY, Status.READY]
# The debit opens the lockers to the shops: this long before the deposit nobody waits for a scale any more.
BEFORE_DEPOSIT = timedelta(minutes=30)
# Nor until the bank forgets what it holds.
BEFORE_HOLD_ENDS = timedelta(hours=12)


@transaction.atomic
def weigh(shop_order: ShopOrder, *, grams: dict[int, int], by=None) -> list[ShopOrderLine]:
    """Write the real weight of accepted goods: `grams` by ShopOrderLine pk, all pieces of the line together.

    With the last one missing the order is debited. A weight may be corrected until then. Returns the lines whose weight
    costs more than the ceiling: the resident pays the ceiling. Raises `WrongWeight`, `AlreadyDebited`; then nothing is changed.
    """
    order = locked(shop_order.order_id)
    fresh = locked_shop_order(shop_order.pk)
    lines = list(fresh.lines.select_related("line"))
    changed = [line for line in lines if line.pk in grams and line.weighed_g != grams[line.pk]]
    if not changed:
        return []
    if fresh.status not in PACKING or not order.payments.filter(status=Payment.Status.AUTHORISED).exists():
        raise AlreadyDebited
    write(changed, grams)
    settling.recount(fresh, lines)
    settling.settle(order, by=by)
    return [line for line in changed if line.at_ceiling]


def write(lines: list[ShopOrderLine], grams: dict[int, int]) -> None:
    """Put the weights on `lines`, which the shop gives. Raises `WrongWeight`. The shop order is locked."""
    if any(
        not line.by_weight or not line.supplied_quantity or not 0 < grams[line.pk] <= weights.HEAVIEST_G
        for line in lines
    ):
        raise WrongWeight
    for line in lines:
        line.weighed_g, line.weight_assumed = grams[line.pk], False
    ShopOrderLine.objects.bulk_update(lines, ["weighed_g", "weight_assumed"])


def deadline(shop_order: ShopOrder) -> datetime:
    """Until when the debit waits for the weights of this shop."""
    payment = Payment.objects.filter(order=shop_order.order_id).order_by("-pk").first()
    until = shop_order.deposit_by - BEFORE_DEPOSIT
    if payment is not None and payment.capture_before is not None:
        until = min(until, payment.capture_before - BEFORE_HOLD_ENDS)
    return until


def close_due(now: datetime | None = None) -> int:
    """Nobody has weighed in time: charge the usual weight. Returns how many shop orders."""
    now = now or timezone.now()
    late = Q(deposit_by__lte=now + BEFORE_DEPOSIT) | Q(
        order__payments__status=Payment.Status.AUTHORISED,
        order__payments__capture_before__lte=now + BEFORE_HOLD_ENDS,
    )
    unweighed = ShopOrderLine.objects.unweighed().values("shop_order")
    rows = list(ShopOrder.objects.filter(late, pk__in=unweighed, status__in=PACKING).distinct())
    for row in rows:
        _assume(row)
    return len(rows)


@transaction.atomic
def _assume(shop_order: ShopOrder) -> None:
    order = locked(shop_order.order_id)
    fresh = locked_shop_order(shop_order.pk)
    lines = list(fresh.lines.select_related("line"))
    missing = [line for line in lines if line.needs_weight]
    if not missing or fresh.status not in PACKING:
        return
    for line in missing:
        line.weighed_g, line.weight_assumed = line.expected_total_g, True
    ShopOrderLine.objects.bulk_update(missing, ["weighed_g", "weight_assumed"])
    logger.info("Shop order %s was not weighed in time: the usual weight is charged.", fresh.number)
    settling.recount(fresh, lines)
    settling.settle(order)
