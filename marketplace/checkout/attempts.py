"""The way back to an order that this browser has made and not paid yet.

A signed mark in the review form leads to the order which that very form has become already.

A second tab, the back button or a slow double click arrive when the visitor's basket is a new, empty one. Signed, so that
nobody can ask for the order of another basket.
"""

from django.core import signing

from marketplace.checkout.models import OrderDetails

SALT = "checkout.attempt"
KEY = "unpaid order"


def mark(basket) -> str:
    """What the form carries."""
    return signing.dumps(basket.pk, salt=SALT)


def earlier(form_mark: str) -> OrderDetails | None:
    """The order of the form with this mark; None while there is none, or when the mark is not ours."""
    try:
        basket_pk = signing.loads(form_mark, salt=SALT)
    except signing.BadSignature:
        return None
    return OrderDetails.objects.select_related("order").filter(basket_id=basket_pk).first()


def remember(request, order) -> None:
    """Whoever closes the payment page finds the order again from this browser, while it can be paid."""
    request.session[KEY] = order.pk


def unpaid(request) -> OrderDetails | None:
    """The order of this browser that still waits for its payment. No query for those who have none."""
    if KEY not in request.session:
        return None
    waiting = OrderDetails.objects.select_related("order").filter(order=request.session[KEY], order__status="unpaid")
    found = waiting.first()
    if found is None:
        del request.session[KEY]
    return found
