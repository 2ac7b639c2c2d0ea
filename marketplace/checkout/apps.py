"""The checkout as a Django app; Oscar owns the label "checkout"."""

from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    """From the basket to the private order page, and the messages on the way."""

    name = "marketplace.checkout"
    label = "marketplace_checkout"

    def ready(self):
        from marketplace.checkout import notifications  # noqa: F401  connects itself
