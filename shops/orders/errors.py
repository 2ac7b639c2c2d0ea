"""What a shopkeeper or resident may hear about an order: each text is a sentence for a person."""

from django.utils.translation import gettext as _


class OrderError(Exception):
    """A shopkeeper or resident asked for something that this order no longer allows."""


class AlreadyAnswered(OrderError):
    """Somebody, or the deadline, was faster."""

    def __init__(self):
        super().__init__(_("This order was already answered or cancelled."))


class WrongQuantity(OrderError):
    """An answer for other lines, or for more than was ordered."""

    def __init__(self):
        super().__init__(_("Every line needs a quantity between 0 and what was ordered."))


class NotYet(OrderError):
    """The step before is missing."""


class TooLateToCancel(OrderError):
    """A shop has begun to prepare."""

    def __init__(self):
        super().__init__(_("A shop has already accepted this order: it can no longer be cancelled here."))
