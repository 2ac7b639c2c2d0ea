"""The fake Stripe as a Django app, installed in demo mode only."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FakeStripeConfig(AppConfig):
    """Plays the other side of the wire. Nothing outside this folder imports it, except tests."""

    name = "shops.payments.fake"
    label = "payments_fake"
    verbose_name = _("demonstration of Stripe")
    default_auto_field = "django.db.models.BigAutoField"
