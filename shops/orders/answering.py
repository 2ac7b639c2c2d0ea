"""A shop says what it can supply; its silence refuses. After the last answer what was accepted is settled (`settling`)."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shops import stock
from shops.models import ProductSheet, ShopOrder, ShopOrderLine
from shops.orders import lines, replacing, settling, weighing
from shops.orders.errors import AlreadyAnswered, WrongQuantity
from shops.orders.moving import locked, locked_shop_order, move

logger = logging.getLogger(__name__)

Status = ShopOrder.Status
NO_ANSWER = "no answer"


@transaction.atomic
def answer(
    shop_order: ShopOrder,
    *,
    accepted: dict[int, int],
    reasons: dict[int, str] | None = None,
    grams: dict[int, int] | None = None,
    offers: dict[int, ProductSheet] | None = None,
    by=None,
    note: str = "",
) -> ShopOrder:
    """Write the shop's answer: `accepted` pieces by ShopOrderLine pk, every line named, and why some are refused.

    Refused pieces are free to be sold again; after the last shop's answer the accepted sum is debited. `grams` by line of
    what is weighed already; the rest may be until it is packed (`weighing`). `offers` by line: goods of the shop that the
    resident may take instead of its refused pieces (`replacing`). `note` goes into the history. Returns the fresh row. Raises
    `AlreadyAnswered`, `WrongQuantity`, `WrongWeight` or `NotOffered`; nothing is changed then.
    """
    order = locked(shop_order.order_id)
    shop_order = locked_shop_order(shop_order.pk)
    if shop_order.status != Status.AWAITING or shop_order.paid_at is None:
        raise AlreadyAnswered
    answered = list(shop_order.lines.select_related("line"))
    if set(accepted) != {line.pk for line in answered} or not all(
        0 <= accepted[line.pk] <= line.quantity for line in answered
    ):
        raise WrongQuantity
    for line in answered:
        line.accepted_quantity = accepted[line.pk]
        line.refusal = (reasons or {}).get(line.pk, "")[:200] if line.refused_quantity else ""
    ShopOrderLine.objects.bulk_update(answered, ["accepted_quantity", "refusal"])
    offers = offers or {}
    stock.lock({line.line.stockrecord_id for line in answered} | {sheet.stock_id for sheet in offers.values()})
    lines.refuse(answered)
    if grams:
        weighing.write([line for line in answered if line.pk in grams], grams)
    offered = replacing.offer(shop_order, answered, offers)
    move(
        shop_order,
        _outcome([*answered, *offered]),
        by=by,
        reason=note,
        answered_at=timezone.now(),
        confirmed_total=settling.confirmed([*answered, *offered]),
    )
    settling.settle(order, by=by)
    return shop_order


def accept_all(shop_order: ShopOrder, *, by) -> ShopOrder:
    """Answer yes to everything."""
    return answer(shop_order, accepted=dict(shop_order.lines.values_list("pk", "quantity")), by=by)


def refuse_all(shop_order: ShopOrder, *, reason: str, by, note: str = "") -> ShopOrder:
    """Answer no to everything."""
    pks = list(shop_order.lines.values_list("pk", flat=True))
    return answer(shop_order, accepted=dict.fromkeys(pks, 0), reasons=dict.fromkeys(pks, reason), by=by, note=note)


def close_due(now: datetime | None = None) -> int:
    """Silence refuses: close the shop orders whose time to answer is over; returns how many."""
    late = list(ShopOrder.objects.late(now))
    for shop_order in late:
        try:
            refuse_all(shop_order, reason=_("The shop did not answer in time."), by=None, note=NO_ANSWER)
        except AlreadyAnswered:
            logger.info("Shop order %s was answered at the last moment.", shop_order.number)
    return len(late)


def _outcome(lines: list[ShopOrderLine]) -> str:
    if not any(line.supplied_quantity for line in lines):
        return Status.REFUSED
    return Status.PARTLY if any(line.refused_quantity for line in lines) else Status.CONFIRMED
