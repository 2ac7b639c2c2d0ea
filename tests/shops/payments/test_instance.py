"""A demonstration never moves real money, and a shop never plays."""

import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from oscar.core.loading import get_model

from shops.models import Instance
from shops.payments import instance
from shops.payments.checks import check_row, check_settings
from tests.shops.payments.conftest import open_shop, place

pytestmark = pytest.mark.django_db
GOOD_LIVE = {
    "INSTANCE_MODE": "live",
    "STRIPE_API_KEY": "rk_live_x",
    "STRIPE_API_BASE": "https://api.stripe.com",
    "STRIPE_WEBHOOK_SECRETS": ["whsec_x"],
    "SITE_URL": "https://halles.example",
    "SESSION_COOKIE_SECURE": True,
}


def use(settings, monkeypatch, *, fake: bool = False, **values):
    for name, value in values.items():
        setattr(settings, name, value)
    monkeypatch.setattr(instance.apps, "is_installed", lambda name: fake)


@pytest.mark.parametrize("key", ["sk_live_x", "rk_live_x"])
def test_demonstration_with_a_live_key_does_not_start(settings, monkeypatch, key):
    use(settings, monkeypatch, fake=True, STRIPE_API_KEY=key)

    assert [error.id for error in check_settings(None)] == ["payments.E002"]
    with pytest.raises(ImproperlyConfigured):
        instance.verify()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"fake": True}, "payments.E004"),
        ({"STRIPE_API_KEY": "sk_test_x"}, "payments.E005"),
        ({"STRIPE_API_KEY": "rk_test_x"}, "payments.E005"),
        ({"STRIPE_API_KEY": ""}, "payments.E005"),
        ({"STRIPE_WEBHOOK_SECRETS": []}, "payments.E006"),
        ({"STRIPE_API_BASE": "http://api.stripe.com"}, "payments.E007"),
        ({"STRIPE_API_BASE": "https://api.stripe.com.evil.example"}, "payments.E007"),
        ({"STRIPE_API_BASE": "https://demo.halles.example/demo/stripe/api"}, "payments.E007"),
        ({"SITE_URL": "http://halles.example"}, "payments.E010"),
        ({"SESSION_COOKIE_SECURE": False}, "payments.E011"),
        ({"DEBUG": True}, "payments.E011"),
    ],
)
def test_live_instance_with_something_of_a_demonstration_does_not_start(settings, monkeypatch, wrong, code):
    use(settings, monkeypatch, **GOOD_LIVE | wrong)
    Instance.objects.create(mode="live")

    assert [(error.id, error.level) for error in check_settings(None)] == [(code, checks.ERROR)]
    with pytest.raises(ImproperlyConfigured):
        instance.verify()


def test_good_live_instance_starts(settings, monkeypatch):
    use(settings, monkeypatch, **GOOD_LIVE)
    instance.set_up("live")

    instance.verify()


@pytest.mark.parametrize(
    ("address", "public", "starts"),
    [
        ("http://127.0.0.1:8000", False, True),
        ("http://localhost:8000", False, True),
        ("http://192.168.1.20", False, True),
        ("http://[::1]:8000", False, True),
        ("https://demo.halles.example", False, False),
        ("https://demo.halles.example", True, True),
    ],
)
def test_public_demonstration_says_so(settings, monkeypatch, address, public, starts):
    use(settings, monkeypatch, fake=True, SITE_URL=address, DEMO_PUBLIC=public)

    assert (check_settings(None) == []) is starts


def test_row_decides_for_ever(settings, monkeypatch):
    instance.set_up("demo")
    instance.set_up("demo")

    with pytest.raises(ImproperlyConfigured):
        instance.set_up("live")
    use(settings, monkeypatch, **GOOD_LIVE)

    assert Instance.objects.get().mode == "demo"
    assert [error.id for error in check_row(None, databases=["default"])] == ["payments.E009"]


def test_live_instance_begins_empty(settings):
    place((open_shop(), "4.00", 1))

    with pytest.raises(ImproperlyConfigured):
        instance.set_up("live")

    assert not Instance.objects.exists()
    assert get_model("order", "Order").objects.count() == 1


def test_live_instance_that_was_never_set_up_does_not_start(settings, monkeypatch):
    use(settings, monkeypatch, **GOOD_LIVE)

    with pytest.raises(ImproperlyConfigured, match="never set up"):
        instance.verify()
