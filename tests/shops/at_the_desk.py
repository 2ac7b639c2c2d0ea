"""Signing in at the desk of a shop."""

from django.test import Client
from django.urls import reverse

from tests.factories import make_staff


def sign_in(shop, role):
    """Somebody with that role: `desk(name, *args, data=…)` opens or posts a page of the shop."""
    client = Client()
    client.force_login(make_staff(shop, role))

    def visit(name, *args, data=None, **query):
        address = reverse(f"desk:{name}", args=[shop.slug, *args])
        return client.get(address, query) if data is None else client.post(address, data, follow=True)

    return visit
