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


class WrongWeight(OrderError):
    """A weight for goods that are not given or not sold by weight, or one that no scale shows."""

    def __init__(self):
        super().__init__(_("Please give the weight in grams or kilos, for example 1,25 kg."))


class NotWeighed(NotYet):
    """Goods sold by weight wait for the scale."""

    def __init__(self):
        super().__init__(_("Please weigh the goods first: the resident pays their real weight."))


class AlreadyDebited(OrderError):
    """The amount was debited, or the order has ended: the weight cannot change any more."""

    def __init__(self):
        super().__init__(_("The amount of this order is already debited: its weights cannot be changed any more."))


class NotOffered(OrderError):
    """These goods cannot be offered instead of the ordered ones; the text says why."""


class TooLateToChoose(OrderError):
    """The time to take other goods is over, or somebody has answered already."""

    def __init__(self):
        super().__init__(_("This offer is over or was answered already: nothing has changed."))


class NotChosen(NotYet):
    """The resident has not said yet whether they take the goods offered instead."""

    def __init__(self):
        super().__init__(
            _("Please wait: the resident has not yet answered whether they take the goods offered instead.")
        )
