"""Accounts as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People who sign in."""

    name = "marketplace.accounts"
    label = "accounts"
    verbose_name = _("accounts")

    def ready(self):
        from marketplace.accounts import passwords  # noqa: F401  hears of invitations
