"""An order holds goods and room before it is paid; nobody may hold the whole market like that, order after order.

Orders that were never paid are counted by connection and day. What is kept of a connection is a keyed hash that changes
with the day and is forgotten on the next: it tells nobody where an order came from.
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from marketplace.checkout.models import OrderDetails
from marketplace.foundation.ratelimits import visitor_address
from shops.models import Payment

SALT = "checkout.visitor"
NEVER_PAID = [Payment.Status.NEW, Payment.Status.SESSION_OPEN, Payment.Status.ABANDONED]


def mark_of(request) -> str:
    """What is kept of the visitor's connection today."""
    return salted_hmac(SALT, f"{timezone.localdate()} {visitor_address(request)}", algorithm="sha256").hexdigest()


def too_many(visitor: str) -> bool:
    """Whether as many orders of this connection as may be are unpaid today. Orders that pay in between do not count.

    Several at the very same moment may go a little beyond: the bound is of the order of magnitude, not of the piece.
    """
    unpaid = OrderDetails.objects.filter(visitor=visitor, order__payments__status__in=NEVER_PAID).distinct()
    return unpaid.count() >= settings.MOST_UNPAID_ORDERS


def forget() -> int:
    """Forget the connections of earlier days; the number of orders that had one."""
    return (
        OrderDetails.objects.exclude(visitor="")
        .filter(order__date_placed__lt=timezone.now() - timedelta(days=1))
        .update(visitor="")
    )
