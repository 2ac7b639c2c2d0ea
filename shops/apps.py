"""Shops, their goods, their orders, their money."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ShopsConfig(AppConfig):
    """Knows nothing of pickup or the town's pages."""

    name = "shops"
    verbose_name = _("shops")

    def ready(self):
        from shops import orders  # noqa: F401  its receivers of payment signals
        from shops.payments import checks  # noqa: F401  registers itself
        from shops.tills import events  # noqa: F401  the same for what tills hear of
