"""What can go wrong at a collection point. The text of each is a full sentence for a person."""

from django.utils.translation import gettext_lazy as _


class PickupError(Exception):
    """Something that a resident or shopkeeper can understand went wrong at a collection point."""

    sentence = _("This is not possible at this collection point.")

    def __init__(self, text: str = ""):
        super().__init__(str(text or self.sentence))


class NoRoom(PickupError):
    """No free compartment is large enough in the chosen window, or the counter's window is full.

    `refusal`: what the locker bank refused, to be kept by whoever ends the transaction; None at a counter.
    """

    sentence = _("There is no room left at this place for the chosen time.")

    def __init__(self, text: str = "", *, code: str = "", refusal=None):
        super().__init__(text)
        self.code, self.refusal = code, refusal


class CounterOnly(PickupError):
    """The goods may not, or cannot, lie in a compartment."""

    sentence = _("These goods cannot be put into a locker. Please choose a counter.")


class WindowClosed(PickupError):
    """The window is over, not offered, or a shop cannot be ready for it any more."""

    sentence = _("This time can no longer be chosen. Please choose another one.")


class ShopFull(PickupError):
    """A shop has as many orders for this time as it can bring."""

    sentence = _("A shop has no place left for this time. Please choose another one.")


class ShopPaused(PickupError):
    """A shop takes no new orders at the moment, at no point and for no time."""

    sentence = _("A shop takes no new orders at the moment.")


class NotCaptured(PickupError):
    """Goods are deposited only once the resident's card has been debited."""

    sentence = _("This order is not paid yet: it can be deposited once all shops have answered.")


class TooLate(PickupError):
    """The goods were given up: the resident has been refunded and waits for nothing any more."""

    sentence = _("These goods came too late: the resident has been refunded. Please take them back to the shop.")


class WrongCode(PickupError):
    """No collection that can be handed over at this counter has this code."""

    sentence = _("This code does not belong to an order that waits here. Please check the eight digits.")


class NothingHere(PickupError):
    """The collection has no goods that could be handed over or moved."""

    sentence = _("None of the goods of this order are here yet.")


class NoCounter(PickupError):
    """There is no counter that could take the goods of a locker."""

    sentence = _("No counter of this town is active: the goods have to stay where they are.")


class TimeIsOver(PickupError):
    """The end has passed: the door may be needed, and the goods are cleared."""

    sentence = _(
        "The time to collect is over. Please come soon: the door opens until the goods are taken to a counter."
    )


class FoodDoesNotKeep(PickupError):
    """Food is inside whose time ends sooner."""

    sentence = _("There is food inside that does not keep any longer. Please collect it in time.")


class DoorIsNeeded(PickupError):
    """Another order is promised the door."""

    sentence = _("Another order needs this compartment. Please collect yours in time.")


class CounterKeeps(PickupError):
    """The goods are, or will be, at a counter: there is no door that could be kept longer."""

    sentence = _("Your goods are kept at the counter; you need not ask for more time.")


class SharedAlready(PickupError):
    """One other person at a time."""

    sentence = _("You have given a code to somebody already. Please withdraw it first.")


class NameNeeded(PickupError):
    """A shared code carries the name of the person who gets it."""

    sentence = _("Please write who will collect (40 letters at most).")


class NothingToReport(PickupError):
    """The order has not been at a collection point."""

    sentence = _("Nothing of this order has been at a collection point yet.")


class NoCodeToRead(PickupError):
    """Nothing waits for the resident, so no code opens anything."""

    sentence = _("Nothing of this order waits to be collected: it has no code.")


class TooManyCodesRead(PickupError):
    """One operator reads out a few codes an hour, not all of a bank."""

    sentence = _("Too many codes were read out within an hour. Please ask a colleague.")


class ChangedMeanwhile(PickupError):
    """Since the person looked, other goods came behind the door, or these left."""

    sentence = _("Something has changed behind this door since you opened the page. Please look again.")


class NobodyLooked(PickupError):
    """Goods are lost only when a person has looked behind their door."""

    sentence = _("Nobody has looked behind the door yet: say on its page that it is empty.")
