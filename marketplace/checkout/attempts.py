"""A signed mark in the review form: it leads to the order which that very form has become already.

A second tab, the back button or a slow double click arrive when the visitor's basket is a new, empty one. Signed, so that
nobody can ask for the order of another basket.
"""

from django.core import signing

from marketplace.checkout.models import OrderDetails

SALT = "checkout.attempt"


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
