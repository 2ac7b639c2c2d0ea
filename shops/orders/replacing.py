"""Other goods instead of those that a shop lacks: offered with its answer, taken by the resident with one tap, or not.

What is offered is a line of its own that nobody has accepted yet. It costs no more than what it replaces and holds its pieces;
the debit waits for the resident's answer. Silence takes nothing.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from marketplace.foundation.money import half_up, vat_within
from shops import signals, stock
from shops.models import ProductSheet, ShopOrder, ShopOrderLine
from shops.orders import lines, settling, weighing
from shops.orders.errors import NotOffered, TooLateToChoose
from shops.orders.moving import locked, locked_shop_order, move

logger = logging.getLogger(__name__)

Line = get_model("order", "Line")
Status, Outcome = ShopOrder.Status, ShopOrderLine.Outcome

TIME_TO_CHOOSE = timedelta(hours=3)
SHORTEST = timedelta(minutes=15)  # nobody's goods are dropped before they could look


def hindrance(line: ShopOrderLine, sheet: ProductSheet) -> str:
    """Why `sheet` cannot stand in for `line`, as a sentence; "" when it can. Both loaded with their sheet, stock and product.

    It must be the shop's own, cost no more, and keep the promise of the place: as warm, no larger, and for the same hands.
    """
    ordered = line.sheet
    if sheet.shop_id != line.shop_order.shop_id or not sheet.product.is_public or sheet.pk == line.sheet_id:
        return _("Please offer another product that is on sale in your shop.")
    if sheet.price > line.unit_price or sheet.usual_price > line.usual_price:
        return _("“%(title)s” costs more than what was ordered: the resident pays no more than they agreed to.") % {
            "title": sheet.title
        }
    lasts = sheet.locker_hours is None or (
        ordered is not None and ordered.locker_hours is not None and ordered.locker_hours <= sheet.locker_hours
    )
    if sheet.temperature != line.temperature or sheet.volume_l > line.volume_l or not lasts:
        return _("“%(title)s” is kept otherwise, or is larger: it may not fit the reserved place.") % {
            "title": sheet.title
        }
    oldest, signs = (ordered.min_age, ordered.needs_signature) if ordered else (0, False)
    if sheet.min_age > oldest or (sheet.needs_signature and not signs):
        return _("“%(title)s” may not be handed to everybody: it cannot be offered instead.") % {"title": sheet.title}
    return ""


def until(shop_order: ShopOrder, now: datetime) -> datetime:
    """Until when the resident may choose. Raises `NotOffered` when there is not enough time to ask."""
    latest = min(now + TIME_TO_CHOOSE, weighing.deadline(shop_order))
    if latest < now + SHORTEST:
        raise NotOffered(_("There is no time left to ask the resident: please refuse what is missing."))
    return latest


def offer(shop_order: ShopOrder, answered: list[ShopOrderLine], offers: dict[int, ProductSheet]) -> list[ShopOrderLine]:
    """Write a line for each of `offers` (by pk of the line that it replaces): as many pieces as were refused.

    The order is locked, `answered` carry the shop's answer, all stock records concerned are locked. Raises `NotOffered`.
    """
    offered_until = until(shop_order, timezone.now()) if offers else None
    return [
        _offer(shop_order, line, sheet=offers[line.pk], offered_until=offered_until)
        for line in answered
        if line.pk in offers
    ]


def _offer(
    shop_order: ShopOrder, line: ShopOrderLine, *, sheet: ProductSheet, offered_until: datetime
) -> ShopOrderLine:
    pieces = line.refused_quantity
    sheet = ProductSheet.objects.with_all().get(pk=sheet.pk)
    if why := hindrance(line, sheet):
        raise NotOffered(why)
    if not pieces:
        raise NotOffered(_("Only what you do not give can be replaced: put 0, or fewer pieces."))
    if not stock.reserve({sheet.stock_id: pieces}):
        raise NotOffered(_("Of “%(title)s”, only %(left)s are left.") % {"title": sheet.title, "left": sheet.left})
    return ShopOrderLine.objects.create(
        shop_order=shop_order,
        line=_order_line(shop_order, line, sheet=sheet, pieces=pieces),
        sheet=sheet,
        title=sheet.title,
        quantity=pieces,
        unit_price=sheet.price,
        price_per_kg=sheet.price_per_kg if sheet.by_weight else None,
        expected_g=sheet.expected_g if sheet.by_weight else None,
        vat_rate=sheet.vat_rate,
        temperature=sheet.temperature,
        volume_l=sheet.volume_l,
        keeps=sheet.keeps,
        replaces=line,
        offered_until=offered_until,
    )


def _order_line(shop_order: ShopOrder, line: ShopOrderLine, *, sheet: ProductSheet, pieces: int):
    """Oscar's line of the other goods. A voucher lowers them as it did what they replace, and the two never cost more."""
    whole, before = sheet.price * pieces, line.line.line_price_incl_tax
    most_of_rest = half_up(before * line.unit_price * line.supplied_quantity / line.ordered_total)
    paid = min(half_up(before * whole / line.ordered_total), before - most_of_rest)
    per_piece = vat_within(sheet.price, sheet.vat_rate)
    return Line.objects.create(
        order_id=shop_order.order_id,
        partner_id=sheet.stock.partner_id,
        partner_name=sheet.shop.name,
        partner_sku=sheet.stock.partner_sku,
        stockrecord=sheet.stock,
        product=sheet.product,
        title=sheet.title,
        upc=sheet.product.upc,
        quantity=pieces,
        line_price_incl_tax=paid,
        line_price_excl_tax=paid - vat_within(paid, sheet.vat_rate),
        line_price_before_discounts_incl_tax=whole,
        line_price_before_discounts_excl_tax=whole - vat_within(whole, sheet.vat_rate),
        unit_price_incl_tax=sheet.price,
        unit_price_excl_tax=sheet.price - per_piece,
        num_allocated=pieces,
    )


@transaction.atomic
def choose(line: ShopOrderLine, *, accepted: bool, by=None, now: datetime | None = None) -> bool:
    """The resident takes the goods offered in `line`, or not. False when they had said so before.

    Raises `TooLateToChoose` when they had said otherwise, the time is over or the order has ended; nothing is changed then.
    """
    order, shop_order, fresh = _locked(line)
    if fresh.accepted_quantity == (fresh.quantity if accepted else 0) and shop_order.status not in ShopOrder.ENDED:
        return False
    if not fresh.is_offered or shop_order.status in ShopOrder.ENDED or fresh.offered_until <= (now or timezone.now()):
        raise TooLateToChoose
    _decide(order, shop_order, fresh, accepted=accepted, by=by)
    return True


def close_due(now: datetime | None = None) -> int:
    """Nobody has answered in time: these goods are not taken. Returns how many offers."""
    late = list(ShopOrderLine.objects.offered().filter(offered_until__lte=now or timezone.now()))
    return sum(_let_go(line) for line in late)


@transaction.atomic
def _let_go(line: ShopOrderLine) -> bool:
    order, shop_order, fresh = _locked(line)
    if not fresh.is_offered:
        return False
    _decide(order, shop_order, fresh, accepted=False, silent=True)
    logger.info("Nobody took what %s offered instead in time.", shop_order.number)
    return True


def _locked(line: ShopOrderLine):
    """The order, the shop order and the line, fresh and locked in this order."""
    order = locked(ShopOrder.objects.values_list("order_id", flat=True).get(pk=line.shop_order_id))
    shop_order = locked_shop_order(line.shop_order_id)
    return order, shop_order, ShopOrderLine.objects.select_for_update(of=("self",)).get(pk=line.pk)


def _decide(
    order, shop_order: ShopOrder, line: ShopOrderLine, *, accepted: bool, silent: bool = False, by=None
) -> None:
    if not accepted:
        lines.end(ShopOrderLine.objects.filter(pk=line.pk), Outcome.CANCELLED)
    ShopOrderLine.objects.filter(pk=line.pk).update(accepted_quantity=line.quantity if accepted else 0)
    every = list(shop_order.lines.select_related("line"))
    settling.recount(shop_order, every)
    if not any(each.supplied_quantity for each in every):
        move(shop_order, Status.REFUSED, by=by, reason="nothing taken instead")
    settling.settle(order, by=by)
    signals.replacement_chosen.send(sender=ShopOrderLine, line=line, accepted=accepted, silent=silent)
