"""The checkout as a Django app; Oscar owns the label "checkout"."""

from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    """From the basket to the private order page."""

    name = "marketplace.checkout"
    label = "marketplace_checkout"
