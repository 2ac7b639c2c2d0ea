"""The life of an order between placing and hand-over: split, paid, answered, ready, collected; cancelled or unpaid.

Every function is one transaction and locks Order, then ShopOrder, then stock. Whoever must know hears it from
`shops.signals`, inside that transaction. Oscar's own status is a mirror of ours: unpaid, paid or cancelled.
"""

import logging
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from marketplace.foundation.money import half_up
from shops import hours, signals, stock
from shops.models import ShopOrder, ShopOrderLine
from shops.payments import charges
from shops.payments.errors import AlreadyCaptured

logger = logging.getLogger(__name__)

Order = get_model("order", "Order")
Status = ShopOrder.Status

DEPOSIT_MARGIN = timedelta(minutes=60)  # between a late answer and the deposit, the goods must still be put together
SHORTEST_ANSWER = timedelta(minutes=15)  # nobody's goods are refused before somebody could look
MAX_BAGS = 40
ANSWERED = {Status.CONFIRMED, Status.PARTLY, Status.REFUSED, Status.CANCELLED}


class OrderError(Exception):
    """A shopkeeper or resident asked for something that this order no longer allows."""


class AlreadyAnswered(OrderError):
    """Somebody, or the deadline, was faster."""

    def __init__(self):
        super().__init__(_("This order was already answered or cancelled."))


class WrongQuantity(OrderError):
    """An answer for other lines, or for more than was ordered."""

    def __init__(self):
        super().__init__(_("Every line needs a quantity between 0 and what was ordered."))


class NotYet(OrderError):
    """The step before is missing."""


class TooLateToCancel(OrderError):
    """A shop has begun to prepare."""

    def __init__(self):
        super().__init__(_("A shop has already accepted this order: it can no longer be cancelled here."))


def split(order, *, deposit_by: datetime) -> list[ShopOrder]:
    """Write one shop order per shop of the Oscar `order`, each with a snapshot of its lines; they wait for the payment.

    `deposit_by`: the moment at which the goods must be at the collection point. Totals are what the resident pays, after
    vouchers; unit prices are those of the shelf.
    """
    now = timezone.now()
    by_shop = defaultdict(list)
    for line in order.lines.select_related("stockrecord__sheet__shop", "product").order_by("pk"):
        by_shop[line.stockrecord.sheet.shop].append(line)
    shop_orders = []
    for position, shop in enumerate(sorted(by_shop, key=lambda shop: shop.pk), start=1):
        shop_order = ShopOrder.objects.create(
            order=order,
            shop=shop,
            number=f"{order.number}-{position}",
            ordered_total=sum((line.line_price_incl_tax for line in by_shop[shop]), Decimal("0.00")),
            commission_bps=shop.commission_bps,
            answer_by=answer_deadline(shop, now, deposit_by),
            deposit_by=deposit_by,
        )
        ShopOrderLine.objects.bulk_create(_snapshot(shop_order, line) for line in by_shop[shop])
        shop_orders.append(shop_order)
    return shop_orders


def _snapshot(shop_order: ShopOrder, line) -> ShopOrderLine:
    sheet = line.stockrecord.sheet
    return ShopOrderLine(
        shop_order=shop_order,
        line=line,
        sheet=sheet,
        title=line.title,
        quantity=line.quantity,
        unit_price=line.unit_price_incl_tax,
        vat_rate=sheet.vat_rate,
        temperature=sheet.temperature,
        volume_l=sheet.volume_l,
    )


def answer_deadline(shop, now: datetime, deposit_by: datetime) -> datetime:
    """When silence becomes a refusal: the shop's time to answer in minutes of opening, an hour before the deposit at most.

    Never sooner than 15 minutes from `now`.
    """
    latest = deposit_by - DEPOSIT_MARGIN
    by_opening = hours.add_open_minutes(shop, now, shop.answer_minutes)
    return max(min(by_opening or latest, latest), now + SHORTEST_ANSWER)


@transaction.atomic
def confirm_payment(order) -> bool:
    """The hold on the resident's card stands: the shops see their orders from now on. False when they did already."""
    order = _locked(order.pk)
    if order.status != "unpaid":
        return False
    now = timezone.now()
    for shop_order in order.shop_orders.filter(status=Status.AWAITING, paid_at=None).select_related("shop"):
        ShopOrder.objects.filter(pk=shop_order.pk).update(
            paid_at=now, answer_by=answer_deadline(shop_order.shop, now, shop_order.deposit_by)
        )
    _mirror(order, "paid")
    signals.order_paid.send(sender=Order, order=order)
    return True


@transaction.atomic
def answer(
    shop_order: ShopOrder, *, accepted: dict[int, int], reasons: dict[int, str] | None = None, by=None
) -> ShopOrder:
    """Write the shop's answer: `accepted` pieces by ShopOrderLine pk, every line named, and why some are refused.

    Refused pieces are free to be sold again; after the last shop's answer the accepted sum is debited. Returns the fresh
    row. Raises `AlreadyAnswered` or `WrongQuantity`; nothing is changed then.
    """
    order = _locked(shop_order.order_id)
    shop_order = _locked_shop_order(shop_order.pk)
    if shop_order.status != Status.AWAITING or shop_order.paid_at is None:
        raise AlreadyAnswered
    lines = list(shop_order.lines.select_related("line"))
    if set(accepted) != {line.pk for line in lines} or not all(
        0 <= accepted[line.pk] <= line.quantity for line in lines
    ):
        raise WrongQuantity
    for line in lines:
        line.accepted_quantity = accepted[line.pk]
        line.refusal = (reasons or {}).get(line.pk, "")[:200] if line.refused_quantity else ""
    ShopOrderLine.objects.bulk_update(lines, ["accepted_quantity", "refusal"])
    stock.give_back(_pieces(lines, lambda line: line.refused_quantity))
    _move(
        shop_order,
        _outcome(lines),
        by=by,
        answered_at=timezone.now(),
        confirmed_total=sum((_paid_for(line) for line in lines), Decimal("0.00")),
    )
    _settle(order, by=by)
    return shop_order


def accept_all(shop_order: ShopOrder, *, by) -> ShopOrder:
    """Answer yes to everything."""
    return answer(shop_order, accepted=dict(shop_order.lines.values_list("pk", "quantity")), by=by)


def refuse_all(shop_order: ShopOrder, *, reason: str, by) -> ShopOrder:
    """Answer no to everything."""
    pks = list(shop_order.lines.values_list("pk", flat=True))
    return answer(shop_order, accepted=dict.fromkeys(pks, 0), reasons=dict.fromkeys(pks, reason), by=by)


def close_due(now: datetime | None = None) -> int:
    """Silence refuses: close the shop orders whose time to answer is over; returns how many."""
    late = list(ShopOrder.objects.late(now))
    for shop_order in late:
        try:
            refuse_all(shop_order, reason=_("The shop did not answer in time."), by=None)
        except AlreadyAnswered:
            logger.info("Shop order %s was answered at the last moment.", shop_order.number)
    return len(late)


@transaction.atomic
def mark_ready(shop_order: ShopOrder, *, bags: int, by=None) -> ShopOrder:
    """The goods stand packed in `bags` bags. A second call only corrects the number. Raises `NotYet` before the answer."""
    _locked(shop_order.order_id)
    shop_order = _locked_shop_order(shop_order.pk)
    if not 1 <= bags <= MAX_BAGS:
        raise OrderError(_("The number of bags lies between 1 and %(most)s.") % {"most": MAX_BAGS})
    if shop_order.status == Status.READY:
        ShopOrder.objects.filter(pk=shop_order.pk).update(bags=bags)
        shop_order.bags = bags
    elif shop_order.can_move(Status.READY):
        _move(shop_order, Status.READY, by=by, bags=bags, ready_at=timezone.now())
    else:
        raise NotYet(_("This order is not being prepared."))
    return shop_order


@transaction.atomic
def mark_collected(shop_order: ShopOrder, *, by=None) -> bool:
    """The resident has the goods: they leave the stock and the shop is owed its money. False when that was done before."""
    from shops.payments import transfers

    if not _hand_over(shop_order, Status.COLLECTED, by=by, collected_at=timezone.now()):
        return False
    transfers.owe(shop_order)
    return True


@transaction.atomic
def mark_no_show(shop_order: ShopOrder, *, by=None) -> bool:
    """Nobody came. The goods leave the books of the stock; who bears the loss is decided with the refund or the transfer."""
    return _hand_over(shop_order, Status.NO_SHOW, by=by)


def _hand_over(shop_order: ShopOrder, to: str, *, by, **fields) -> bool:
    _locked(shop_order.order_id)
    fresh = _locked_shop_order(shop_order.pk)
    if fresh.status in (Status.CONFIRMED, Status.PARTLY):  # deposited goods were packed, whatever the desk was told
        _move(fresh, Status.READY, by=by, bags=max(fresh.bags, 1), ready_at=timezone.now())
    moved = _move(fresh, to, by=by, **fields)
    if moved:
        stock.consume(_pieces(fresh.lines.select_related("line"), lambda line: line.accepted_quantity or 0))
    shop_order.refresh_from_db()
    return moved


@transaction.atomic
def cancel(order, *, by=None, reason: str) -> None:
    """Cancel the whole order, as a resident may until a shop has accepted. Raises `TooLateToCancel`."""
    order = _locked(order.pk)
    open_states = [Status.AWAITING, Status.REFUSED, Status.CANCELLED]
    if order.shop_orders.exclude(status__in=open_states).exists():
        raise TooLateToCancel
    payment = order.payments.live().first()
    if payment is not None:
        try:
            charges.cancel(payment, reason=reason)
        except AlreadyCaptured as error:
            raise TooLateToCancel from error
    _abandon(order, by=by, reason=reason)


@receiver(signals.payment_authorised, dispatch_uid="orders.payment_authorised")
def _on_payment_authorised(payment, **kwargs):
    confirm_payment(payment.order)


@receiver(signals.payment_lost, dispatch_uid="orders.payment_lost")
def _on_payment_lost(payment, reason, **kwargs):
    """Not paid in time (`payments.sweep`), the hold expired, or the debit failed: everything goes back."""
    with transaction.atomic():
        _abandon(_locked(payment.order_id), by=None, reason=reason)


def _abandon(order, *, by, reason: str) -> None:
    """Take back what the order holds: its pieces, its vouchers, the shops' work. Safe to repeat."""
    for shop_order in order.shop_orders.select_for_update(of=("self",)).select_related("shop").order_by("pk"):
        if shop_order.can_move(Status.CANCELLED):
            lines = shop_order.lines.select_related("line")
            _move(shop_order, Status.CANCELLED, by=by, reason=reason)
            stock.give_back(_pieces(lines, lambda line: line.quantity - line.refused_quantity))
    _close(order, reason=reason)


def _settle(order, *, by) -> None:
    """After the last answer: debit what was accepted, or let the order go when nothing was."""
    statuses = set(order.shop_orders.values_list("status", flat=True))
    if not statuses <= ANSWERED:
        return
    payment = order.payments.live().first()
    if payment is not None:
        charges.capture(payment)
    if statuses <= {Status.REFUSED, Status.CANCELLED}:
        _close(order, reason="refused")


def _close(order, *, reason: str) -> None:
    """The order is over before it began: vouchers go back, everybody hears of it once."""
    if order.status == "cancelled":
        return
    _mirror(order, "cancelled")
    for application in order.voucherapplication_set.select_related("voucher"):
        vouchers = type(application.voucher).objects.filter(pk=application.voucher_id)
        vouchers.update(num_orders=Greatest(F("num_orders") - 1, 0))
        application.delete()
    signals.order_cancelled.send(sender=Order, order=order, reason=reason)


def _mirror(order, status: str) -> None:
    Order.objects.filter(pk=order.pk).update(status=status)
    order.status = status


def _locked(order_pk: int):
    return Order.objects.select_for_update().get(pk=order_pk)


def _locked_shop_order(pk: int) -> ShopOrder:
    return ShopOrder.objects.select_for_update(of=("self",)).select_related("shop", "order").get(pk=pk)


def _move(shop_order: ShopOrder, to: str, *, by=None, reason: str = "", **fields) -> bool:
    previous = shop_order.status
    moved = shop_order.move(to, by=by, reason=reason, **fields)
    if moved:
        signals.shop_order_moved.send(sender=ShopOrder, shop_order=shop_order, previous=previous, by=by)
    return moved


def _outcome(lines: list[ShopOrderLine]) -> str:
    if not any(line.accepted_quantity for line in lines):
        return Status.REFUSED
    return Status.PARTLY if any(line.refused_quantity for line in lines) else Status.CONFIRMED


def _paid_for(line: ShopOrderLine) -> Decimal:
    """Euros of the accepted pieces; a voucher's discount is spread evenly over the pieces of its line."""
    return half_up(line.line.line_price_incl_tax * line.accepted_quantity / line.quantity)


def _pieces(lines, count) -> dict[int, int]:
    """Pieces by StockRecord pk, without zeros and without goods whose record was deleted since."""
    pieces = defaultdict(int)
    for line in lines:
        if line.line.stockrecord_id and count(line):
            pieces[line.line.stockrecord_id] += count(line)
    return dict(pieces)
