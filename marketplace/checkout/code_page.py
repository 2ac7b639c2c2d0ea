"""The resident's code on its own: full screen for the scanner, and on paper for everybody who has no smartphone."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace.checkout.private import private
from pickup import codes, directions
from pickup.models import Collection


@require_safe
@private
def full_screen(request, details):
    """Nothing but the code, black on white; 404 while there is nothing to collect."""
    collection = details.order.collection
    if not collection.is_waiting:
        raise Http404
    return render(request, "checkout/code.html", _code(details, collection))


@require_safe
@private
def slip(request, details):
    """A page to print. The code is known from the payment on: it opens nothing before the goods are there."""
    collection = details.order.collection
    if details.order.status != "paid" or collection.status not in Collection.LIVE:
        raise Http404
    return render(request, "checkout/slip.html", {**_code(details, collection), "order": details.order})


def _code(details, collection: Collection) -> dict:
    return {
        "collection": collection,
        "point": collection.point,
        "pin": codes.grouped(codes.collect_pin(collection)),
        "qr_svg": codes.collect_qr(collection),
        "doors": directions.doors(collection),
        "back": details.get_absolute_url(),
    }
