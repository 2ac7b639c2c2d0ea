"""What can go wrong with money. The texts of `PaymentError` are sentences for a person; the others are for our code."""

from django.utils.translation import gettext_lazy as _


class PaymentError(Exception):
    """Something about a payment that a resident or shopkeeper can understand."""


class PaymentUnavailable(PaymentError):
    """Stripe gave no answer. Nothing was charged, and trying again is safe."""

    def __init__(self):
        super().__init__(_("The payment page cannot be reached at the moment. Nothing was charged: please try again."))


class PaymentOver(PaymentError):
    """This attempt has ended or is already paid."""

    def __init__(self):
        super().__init__(_("This payment is no longer open."))


class AlreadyCaptured(PaymentError):
    """The money was taken: a cancellation is now a refund."""

    def __init__(self):
        super().__init__(_("The amount was already debited: it can only be refunded."))


class NotRefundable(PaymentError):
    """More is asked back than was paid, or nothing was debited yet."""

    def __init__(self, message=None):
        super().__init__(message or _("This amount cannot be refunded."))


class GatewayError(Exception):
    """A call to Stripe did not do what it should."""


class OutcomeUnknown(GatewayError):
    """No answer, or an answer of a broken server: the call may have worked. Repeat it with the same key.

    `replayed` is True when Stripe's server failed (5xx): it will repeat that failure for the same key.
    """

    def __init__(self, message: str, *, replayed: bool = False):
        self.replayed = replayed
        super().__init__(message)


class Busy(GatewayError):
    """Too many calls, or the same object is being changed: nothing happened, try later."""


class Refused(GatewayError):
    """A definite no. `code` is Stripe's error code."""

    def __init__(self, code: str, message: str):
        self.code = code
        super().__init__(f"{code}: {message}")


class KeyReused(GatewayError):
    """The same idempotency key with other parameters: a bug of ours. Stop and call a person."""


class Misconfigured(GatewayError):
    """The key is wrong or lacks a right."""


class BadSignature(GatewayError):
    """A webhook that Stripe did not sign, or too old a one."""
