"""One door for everybody: tries are counted there, and no other door takes a password."""

import pytest
from django.contrib.auth import authenticate
from django.test import Client

from tests.factories import make_user

pytestmark = pytest.mark.django_db
SIGN_IN = "/connexion/"
PASSWORD = "secret"  # as make_user sets it
OTHER_DOORS = ["/gestion/login/", "/cms/login/", "/_util/login/", "/en/_util/login/"]


@pytest.fixture
def user():
    return make_user("lea@example.org", is_staff=True, is_superuser=True)


def knock(email, password, **browser) -> bool:
    """Whether these open the door."""
    client = Client(**browser)
    client.post(SIGN_IN, {"username": email, "password": password})
    return "_auth_user_id" in client.session


def test_after_ten_wrong_passwords_the_right_one_waits_too(user):
    for number in range(10):
        assert not knock(user.email, f"wrong-{number}", REMOTE_ADDR=f"198.51.100.{number}")

    assert not knock(user.email, PASSWORD, REMOTE_ADDR="198.51.100.99")
    assert authenticate(username=user.email, password=PASSWORD) == user


def test_right_passwords_are_no_tries(user):
    for _ in range(12):
        assert knock(user.email, PASSWORD, REMOTE_ADDR="198.51.100.7")


def test_a_right_password_forgives_no_wrong_one(user):
    for number in range(9):
        knock(f"u{number}@example.org", "wrong", REMOTE_ADDR="198.51.100.7")
    assert knock(user.email, PASSWORD, REMOTE_ADDR="198.51.100.7")

    knock("u9@example.org", "wrong", REMOTE_ADDR="198.51.100.7")

    assert not knock(user.email, PASSWORD, REMOTE_ADDR="198.51.100.7")


def test_an_address_that_is_out_of_tries_takes_none_from_the_accounts(user):
    for number in range(30):
        knock(user.email if number >= 10 else f"u{number}@example.org", "wrong", REMOTE_ADDR="198.51.100.7")

    assert knock(user.email, PASSWORD, REMOTE_ADDR="198.51.100.8")


@pytest.mark.parametrize("door", OTHER_DOORS)
def test_no_other_door_takes_a_password(user, door):
    client = Client()

    answer = client.post(door, {"username": user.email, "password": PASSWORD})

    assert answer.status_code == 405
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("door", OTHER_DOORS)
def test_every_other_door_leads_to_the_one_door_and_back(user, door):
    client = Client()

    there = client.get(door, {"next": "/gestion/auth/"})

    assert there.url.endswith(f"{SIGN_IN}?next=/gestion/auth/") or there.url == "/en/connexion/?next=/gestion/auth/"
    assert client.post(there.url, {"username": user.email, "password": PASSWORD}).url == "/gestion/auth/"


@pytest.mark.parametrize("office", ["/gestion/", "/cms/"])
def test_an_office_sends_strangers_to_the_door_and_does_not_exist_for_residents(office):
    resident = Client()
    resident.force_login(make_user())

    assert Client().get(office, follow=True).request["PATH_INFO"] == SIGN_IN
    assert resident.get(office, follow=True).status_code == 404


def test_wagtail_resets_no_passwords_beside_the_counted_way():
    assert Client().get("/cms/password_reset/").status_code == 404


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https:evil.example", "///evil.example", "javascript:1"]
)
def test_nobody_is_led_away_after_signing_in(user, target):
    client = Client()

    signed_in = client.post(SIGN_IN, {"username": user.email, "password": PASSWORD, "next": target})
    language = client.post("/i18n/setlang/", {"language": "en", "next": target})

    assert (signed_in.url, language.url) == ("/mon-compte/", "/en/")


def test_a_session_gets_a_new_name_at_the_door(user):
    client = Client()
    client.cookies["sessionid"] = "a" * 32  # put there by somebody who waits for its owner

    client.post(SIGN_IN, {"username": user.email, "password": PASSWORD})

    assert client.cookies["sessionid"].value != "a" * 32
    assert "_auth_user_id" in client.session
