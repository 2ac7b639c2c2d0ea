"""Nonsense at every address of the market, by everybody: an answer, never an error of ours. The back offices have their own walls."""

import re

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import URLResolver, get_resolver

from marketplace.demo import seed
from tests import database

BACK_OFFICES = ("cms/", "gestion/", "documents/", "media", "static", "en/", "deconnexion")
PEOPLE = [None, "exploitation@valmont.example"]  # the desk of a shop has the same walk in tests/shops
NONSENSE = [
    "",
    "-1",
    "99999999999999999999",
    "a\x00é",
    "x" * 5000,
    "<script>'\";--\r\nSet-Cookie: a=b",
    "1-99999999999999-99999999999999",
    "٣🙂NaN",
]
FIELDS = """
    q page tri boutique dispo prix metier ouvert p s back next quantity product sheet line name email phone window low_door
    of_age attempt total code reason bags username password language choice kind times why answer note found genre casier jour
    expected
""".split()  # noqa: SIM905
ARGUMENTS = {
    "int": ["1", "99999999999999999999"],
    "key": ["1", "99999999999999999999"],
    "uuid": ["6fa459ea-ee8a-3ca4-894e-db77e160355e"],
    "slug": ["boulangerie-du-pont", "comptoir-des-halles", "-"],
    "str": ["A" * 43, "🙂"],
    "path": ["pain", "../%00"],
}


@pytest.fixture(scope="module", autouse=True)
def _town(django_db_setup, django_db_blocker):
    """A town of this file's own, with something behind most addresses."""
    before = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        database.use("nonsense")
        seed.seed(lambda _text: None)
        yield
        database.point_at(before)


def addresses() -> list[str]:
    """Every route of ours with arguments that exist and with some that cannot."""
    routes = []

    def walk(patterns, prefix):
        for pattern in patterns:
            route = prefix + str(pattern.pattern).replace("^", "").replace("$", "")
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, route)
            elif "(?P" not in route and not route.startswith(BACK_OFFICES):
                routes.append(route)

    walk(get_resolver().url_patterns, "")
    return list(dict.fromkeys(fill(route, choice) for route in routes for choice in range(2)))


def fill(route: str, choice: int) -> str:
    """The address of a route, with the first or the second kind of arguments."""

    def argument(found) -> str:
        values = ARGUMENTS[found.group(1) or "str"]
        return values[choice % len(values)]

    return "/" + re.sub(r"<(?:(\w+):)?\w+>", argument, route)


def test_nonsense_is_answered():
    errors = []
    for person in PEOPLE:
        client = Client(raise_request_exception=False)
        if person:
            client.force_login(get_user_model().objects.get(email=person))
        for address in addresses():
            for word in NONSENSE:
                said = dict.fromkeys(FIELDS, word)
                errors += [("GET", address, word[:40])] * (client.get(address, said).status_code >= 500)
                errors += [("POST", address, word[:40])] * (client.post(address, said).status_code >= 500)
            for body in (b"[]", b'{"a":[1,', b"\xff\xfe\x00"):
                response = client.post(address, body, content_type="application/json")
                errors += [("JSON", address, body)] * (response.status_code >= 500)

    assert errors == []
