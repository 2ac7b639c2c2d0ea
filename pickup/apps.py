"""Collection points, lockers and what waits in them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PickupConfig(AppConfig):
    """May import shops; nobody below imports it."""

    name = "pickup"
    verbose_name = _("collection")

    def ready(self):
        from pickup import receivers  # noqa: F401  connects itself
