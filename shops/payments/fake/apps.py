"""The fake Stripe as a Django app, installed in demo mode only."""

from django.apps import AppConfig


class FakeStripeConfig(AppConfig):
    """Plays the other side of the wire."""

    name = "shops.payments.fake"
    label = "payments_fake"
