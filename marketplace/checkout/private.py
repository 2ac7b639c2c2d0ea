"""The private address of an order: whoever has the link has the order, as with a paper ticket."""

from functools import wraps

from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache

from marketplace.checkout.models import OrderDetails


def private(view):
    """Give `view` the order of the token; the page is never stored, never indexed, and its address never sent to
    another site."""

    @wraps(view)
    @never_cache
    def found(request, token):
        details = get_object_or_404(
            OrderDetails.objects.select_related("order__collection__point__bank", "order__collection__code_bank"),
            token=token,
        )
        response = view(request, details)
        return hushed(response)

    return found


def hushed(response):
    """Never indexed, and its address never sent to another site."""
    response["Referrer-Policy"] = "same-origin"  # "no-referrer" would send our own forms with "Origin: null"
    response["X-Robots-Tag"] = "noindex"
    return response
