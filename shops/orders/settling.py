"""The one debit of an order: owed once every shop has answered and nothing that it has accepted is still undecided."""

from decimal import Decimal

from marketplace.foundation.money import half_up
from shops.models import ShopOrder, ShopOrderLine
from shops.orders.cancelling import close
from shops.payments import charges

Status = ShopOrder.Status
NOTHING_COMES = {Status.REFUSED, Status.CANCELLED}


def settle(order, *, by=None) -> None:
    """Debit what was accepted, or let the order go when nothing was; does nothing while something is undecided.

    Undecided are shops that have not answered, goods that wait for their weight (`weighing`) and goods offered instead of
    others (`replacing`). The order is locked.
    """
    statuses = set(order.shop_orders.values_list("status", flat=True))
    lines = ShopOrderLine.objects.filter(shop_order__order=order)
    if Status.AWAITING in statuses or lines.unweighed().exists() or lines.offered().exists():
        return
    payment = order.payments.live().first()
    if payment is not None:
        charges.capture(payment)
    if statuses <= NOTHING_COMES:
        close(order, reason="refused")


def recount(shop_order: ShopOrder, lines: list[ShopOrderLine]) -> None:
    """Write what is confirmed of `lines`, all of the shop order's, loaded with their order line."""
    shop_order.confirmed_total = confirmed(lines)
    ShopOrder.objects.filter(pk=shop_order.pk).update(confirmed_total=shop_order.confirmed_total)


def confirmed(lines: list[ShopOrderLine]) -> Decimal:
    """Euros that the resident pays for `lines`, loaded with their order line; what is not weighed yet counts its ceiling."""
    return sum((_paid_for(line) for line in lines), Decimal("0.00"))


def _paid_for(line: ShopOrderLine) -> Decimal:
    """Euros of what the shop gives; a voucher's discount is spread evenly over what was ordered."""
    return half_up(line.line.line_price_incl_tax * line.accepted_total / line.ordered_total)
