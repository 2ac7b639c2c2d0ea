"""How much each role may give back from the desk. The owner sets the limits and has none."""

from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from marketplace.foundation.money import to_cents
from shops.models import Refund, ShopOrder, ShopStaff
from shops.payments import errors

Role = ShopStaff.Role


class AboveLimit(errors.NotRefundable):
    """More than this person may refund; the text says how much, and whom to ask."""


def hindrance(staff: ShopStaff) -> str:
    """Why this person may refund nothing at all, as a sentence; "" when they may."""
    if staff.role == Role.OWNER or _of_order(staff) > 0:
        return ""
    return _("You cannot refund here yourself: please ask %(who)s.") % {"who": _who(staff.shop)}


def check(staff: ShopStaff, shop_order: ShopOrder) -> None:
    """Raise `AboveLimit` when the refunds that are owed are above what `staff` may make of this order, or in a day.

    Every refund counts that people have made of the order, and this person's of the town's day in this shop.
    """
    if staff.role == Role.OWNER:
        return
    by_hand = Refund.objects.promised().filter(by__isnull=False)
    if _sum(by_hand.filter(shop_order=shop_order)) > to_cents(_of_order(staff)):
        text = _("For one order you may refund up to %(limit)s in all. Above that, please ask %(who)s.")
        raise AboveLimit(text % {"limit": _euros(_of_order(staff)), "who": _who(staff.shop)})
    morning = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    today = by_hand.filter(by=staff.user_id, shop_order__shop=staff.shop_id, created_at__gte=morning)
    if _sum(today) > to_cents(staff.shop.refund_limit_day):
        text = _("In one day you may refund up to %(limit)s in all. Above that, please ask %(who)s.")
        raise AboveLimit(text % {"limit": _euros(staff.shop.refund_limit_day), "who": _who(staff.shop)})


def _of_order(staff: ShopStaff) -> Decimal:
    """Euros that a manager or helper may refund of one order."""
    shop = staff.shop
    return shop.refund_limit_helper if staff.role == Role.HELPER else shop.refund_limit_order


def _sum(rows) -> int:
    return rows.aggregate(sum=Sum("amount"))["sum"] or 0


def _euros(amount: Decimal) -> str:
    return f"{number_format(amount, 2)}\u00a0€"


def _who(shop) -> str:
    """The owners by name."""
    owners = shop.staff.filter(role=Role.OWNER, is_active=True).select_related("user").order_by("pk")
    return ", ".join(staff.user.get_full_name() or staff.user.email for staff in owners) or _("the owner")
