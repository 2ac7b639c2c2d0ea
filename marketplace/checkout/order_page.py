"""The private order page: by its address, without account."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from icalendar import Alarm, Calendar, Event
from oscar.core.loading import get_model

from marketplace.checkout import helping, replacing
from marketplace.checkout.private import private
from marketplace.checkout.views import read_again, to_payment
from pickup import collections, directions
from pickup.models import Collection
from pickup.models.collection import REMINDER_BEFORE_END
from shops import basket as baskets
from shops import orders
from shops.models import Payment, ShopOrder
from shops.opening import week

Basket = get_model("basket", "Basket")
STATION = {
    Collection.Status.CONFIRMED: 1,
    Collection.Status.DEPOSITING: 2,
    **dict.fromkeys(Collection.WAITING, 2),
    Collection.Status.COLLECTED: 4,
}
WAITING = [Payment.Status.NEW, Payment.Status.SESSION_OPEN]


@require_safe
@private
def order(request, details):
    """How the order stands, in plain words."""
    placed = details.order
    payment = placed.payments.latest("pk")
    if payment.status == Payment.Status.SESSION_OPEN and placed.status == "unpaid":
        payment = read_again(payment)
        placed.refresh_from_db()
    shop_orders = list(placed.shop_orders.select_related("shop").prefetch_related("lines__replaces").order_by("pk"))
    progress = collections.progress(placed.collection)
    context = {
        "details": details,
        "order": placed,
        "payment": payment,
        "unpaid": payment.status in WAITING and placed.status == "unpaid",
        "paid": placed.status == "paid",
        "progress": progress,
        "steps": stations(progress),
        "now": timezone.now(),
        "slip": placed.status == "paid" and placed.collection.status in Collection.LIVE,
        "opening": "" if progress.point.opening_hours == "24/7" else week(progress.point),
        "state": f"{placed.status} {progress.status} {progress.deposited} {progress.ends_at:%d%H%M} {progress.compartments}",
        "shop_orders": shop_orders,
        "offers": replacing.offers(shop_orders),
        "total": sum(each.total for each in shop_orders),
        "at_most": any(line.awaits_weight or line.is_offered for each in shop_orders for line in each.lines.all()),
        "refunds": placed.payments.latest("pk").refunds.order_by("pk"),
        "cancellable": placed.status == "paid" and can_cancel(shop_orders),
        "reportable": collections.can_report(placed.collection),
        "problems": placed.collection.problems.select_related("compartment"),
        **(_waiting(placed.collection) if progress.pin else {}),
    }
    return render(request, "checkout/order.html", context)


def _waiting(collection: Collection) -> dict:
    """What the page says as well while goods are there."""
    doors = directions.doors(collection)
    return {
        "doors": doors,
        "drawing": directions.drawing(collection.point.bank, [door.label for door in doors]) if doors else "",
        "more_time": collections.can_extend_until(collection),
        "shared": helping.active_share(collection),
    }


def stations(progress: collections.Progress) -> list[dict]:
    """The four steps of an order on its way, each with `words` and `state`: done, now or next; none once it ended otherwise."""
    place = progress.point.name
    if progress.expected > 1 and progress.status == Collection.Status.DEPOSITING:
        brought = ngettext(
            "%(deposited)s of %(expected)s shops at %(place)s",
            "%(deposited)s of %(expected)s shops at %(place)s",
            progress.deposited,
        ) % {"deposited": progress.deposited, "expected": progress.expected, "place": place}
    else:
        brought = _("Ready at %(place)s") % {"place": place}
    words = [_("Order received"), _("In preparation"), brought, _("Collected")]
    at = STATION.get(progress.status)
    if at is None:
        return []
    states = ["done" if index < at else "now" if index == at else "next" for index in range(len(words))]
    return [{"words": text, "state": state} for text, state in zip(words, states, strict=True)]


def can_cancel(shop_orders: list[ShopOrder]) -> bool:
    """Free and complete until a shop has begun to prepare."""
    return all(each.status in (ShopOrder.Status.AWAITING, ShopOrder.Status.REFUSED) for each in shop_orders)


@require_POST
@private
def pay(request, details):
    """To the payment page, again."""
    return to_payment(request, details.order)


@require_POST
@private
def cancel(request, details):
    """The resident changed his mind in time."""
    try:
        orders.cancel(details.order, reason="cancelled by the resident")
    except orders.OrderError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your order is cancelled. Nothing is debited."))
    return redirect(details)


@require_POST
@private
def again(request, details):
    """Put what can still be bought back into the basket."""
    missing = []
    for line in details.order.lines.filter(shop_line__replaces=None).select_related("product"):
        sheet = getattr(line.product, "sheet", None)
        try:
            if sheet is None or sheet.left < 1:
                raise baskets.NotOnSale(line.title)
            baskets.add(request.basket, sheet, min(line.quantity, sheet.left))
        except baskets.BasketError:
            missing.append(line.title)
    if missing:
        messages.warning(request, _("No longer available: %(products)s.") % {"products": ", ".join(missing)})
    return redirect("basket:summary")


@require_safe
@private
def calendar(request, details):
    """The collection as a calendar entry (RFC 5545)."""
    collection = details.order.collection
    point = collection.point
    event = Event()
    event.add("uid", f"{details.order.number}@halles")
    event.add("dtstamp", details.order.date_placed)
    event.add("dtstart", collection.starts_at)
    event.add("dtend", collection.ends_at)
    event.add("summary", _("Collect my order at %(place)s") % {"place": point.name})
    event.add("location", f"{point.name}, {point.address}")
    event.add("url", request.build_absolute_uri(details.get_absolute_url()))
    event.add("description", point.access)
    if point.latitude is not None and point.longitude is not None:
        event.add("geo", (float(point.latitude), float(point.longitude)))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", event["summary"])
    alarm.add("trigger", collection.ends_at - REMINDER_BEFORE_END)
    event.add_component(alarm)
    entry = Calendar()
    entry.add("prodid", "-//Halles//FR")
    entry.add("version", "2.0")
    entry.add_component(event)
    response = HttpResponse(entry.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{details.order.number}.ics"'
    return response
