"""The resident takes goods that a shop offers instead of those that it lacks, or not: one tap."""

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.checkout.private import private
from shops import orders
from shops.models import ShopOrder, ShopOrderLine

ANSWERS = {"yes": True, "no": False}


def offers(shop_orders: list[ShopOrder]) -> list[dict]:
    """What waits for the resident's answer: the `line` offered and its `shop`. The lines are loaded."""
    found = [{"line": line, "shop": each.shop} for each in shop_orders for line in each.lines.all() if line.is_offered]
    prefetch_related_objects([each["line"] for each in found], "sheet__product")
    return found


@require_POST
@private
def choose(request, details):
    """Take what is offered in the line, or not."""
    pk, answer = request.POST.get("line", ""), request.POST.get("answer", "")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19) or answer not in ANSWERS:
        raise Http404
    offered = ShopOrderLine.objects.filter(shop_order__order=details.order, replaces__isnull=False)
    line = get_object_or_404(offered, pk=pk)
    try:
        orders.choose(line, accepted=ANSWERS[answer])
    except orders.OrderError as refusal:
        messages.error(request, str(refusal))
    else:
        if ANSWERS[answer]:
            messages.success(request, _("You take “%(title)s”: the shop prepares it.") % {"title": line.title})
        else:
            messages.success(
                request, _("“%(title)s” is not added. What is missing is not debited.") % {"title": line.title}
            )
    return redirect(details)
