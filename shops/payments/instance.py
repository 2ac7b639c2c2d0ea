"""Whether this installation plays or moves real money. The settings decide what is installed, one row what is allowed.

The row is written at first setup and never changes: a demonstration can never become a shop, nor a shop a demonstration.
"""

import ipaddress
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from oscar.core.loading import get_model

from shops.models import Instance

DEMO, LIVE = Instance.Mode.DEMO, Instance.Mode.LIVE
LIVE_KEYS = ("sk_live_", "rk_live_")
TEST_KEYS = ("sk_test_", "rk_test_")
STRIPE = "https://api.stripe.com"
FAKE_APP = "shops.payments.fake"


def set_up(mode: str) -> Instance:
    """Write the row at first setup; the same mode again changes nothing.

    Raises `ImproperlyConfigured` when the row says otherwise, or when `live` is wanted on a database with orders.
    """
    with transaction.atomic():
        row = Instance.objects.select_for_update().first()
        if row is None:
            if mode == LIVE and get_model("order", "Order").objects.exists():
                raise ImproperlyConfigured("A live instance begins with an empty database: this one has orders.")
            return Instance.objects.create(mode=mode)
        if row.mode != mode:
            raise ImproperlyConfigured(f"This database belongs to a {row.mode} instance: it can never become {mode}.")
        return row


def verify() -> None:
    """Refuse to start when settings contradict each other or the row. Call it where a server or worker starts."""
    problems = [*settings_problems(), *row_problems()]
    if problems:
        raise ImproperlyConfigured(" ".join(text for _code, text in problems))


def settings_problems() -> list[tuple[str, str]]:
    """(code, sentence) of every contradiction in the settings; empty when all is well."""
    found = []
    if settings.INSTANCE_MODE not in Instance.Mode.values:
        found.append(("E001", f"INSTANCE_MODE is {settings.INSTANCE_MODE!r}: it must be demo or live."))
    if settings.INSTANCE_MODE == DEMO:
        if settings.STRIPE_API_KEY.startswith(LIVE_KEYS):
            found.append(("E002", "A demonstration never holds a live Stripe key."))
        if not _is_private(urlsplit(settings.SITE_URL).hostname or "") and not getattr(settings, "DEMO_PUBLIC", False):
            found.append(("E003", "A demonstration on a public address needs DEMO_PUBLIC=1."))
    if settings.INSTANCE_MODE == LIVE:
        if apps.is_installed(FAKE_APP):
            found.append(("E004", "A live instance never has the fake Stripe installed."))
        if not settings.STRIPE_API_KEY.startswith(LIVE_KEYS):
            found.append(("E005", "A live instance needs a live Stripe key (rk_live_… with the needed rights only)."))
        if not settings.STRIPE_WEBHOOK_SECRETS:
            found.append(("E006", "A live instance needs the secret of its webhook (STRIPE_WEBHOOK_SECRETS)."))
        if settings.STRIPE_API_BASE != STRIPE:
            found.append(("E007", f"A live instance speaks to Stripe itself, {STRIPE}, and to nobody else."))
        if not settings.SITE_URL.startswith("https://"):
            found.append(("E010", "A live instance has an https address (SITE_URL)."))
        if settings.DEBUG or not settings.SESSION_COOKIE_SECURE:
            found.append(("E011", "A live instance runs with marketplace.settings.production and without DEBUG."))
    return found


def row_problems() -> list[tuple[str, str]]:
    """(code, sentence) when the row says otherwise than the settings; a live instance must have been set up."""
    row = Instance.objects.first()
    if row is None and settings.INSTANCE_MODE == LIVE:
        return [("E008", "This live instance was never set up: run its first setup.")]
    if row is not None and row.mode != settings.INSTANCE_MODE:
        return [("E009", f"The database belongs to a {row.mode} instance, the settings say {settings.INSTANCE_MODE}.")]
    return []


def _is_private(host: str) -> bool:
    """Whether only this machine or its own network can reach `host`."""
    if host == "localhost" or host.endswith((".local", ".localhost", ".test", ".internal")) or "." not in host:
        return ":" not in host or ipaddress.ip_address(host).is_private
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
