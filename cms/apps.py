"""The town pages as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    """Home page, associations, promotions."""

    name = "cms"
    verbose_name = _("town pages")

    def ready(self):
        from cms import footer, languages  # noqa: F401  receivers
