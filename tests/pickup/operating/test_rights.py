"""Every operator's address: strangers sign in first, all others find nothing, and nothing changes."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from pickup import collections, urls
from pickup.models import (
    Alarm,
    BankCommand,
    CodeReading,
    Compartment,
    EmptyDoor,
    Leg,
    OpeningRequest,
    PaperList,
    Problem,
    ProvisioningToken,
    Round,
    RoundCheck,
    ServiceCode,
)
from pickup.operating import acting, alarms, approving, rounds
from tests.factories import make_shop, make_staff, make_user
from tests.pickup.makers import make_bank, make_sheet, ready

pytestmark = pytest.mark.django_db

PUBLIC = {"points"}
COUNTERS = {"counter", "counter-deposit"}  # for the people of the host shop too: tests/pickup/test_pages.py
ENTRUSTED = {
    "token": "change_bank",
    "paper-list": "view_collection",
}  # addresses of few operators, and the right that they take
OURS = [route.name for route in urls.urlpatterns if route.name not in PUBLIC | COUNTERS]
WORDS = {"why": "essai", "answer": "essai", "note": "essai", "found": "not_empty"}
TOLD = (
    Alarm,
    BankCommand,
    CodeReading,
    Compartment,
    EmptyDoor,
    Leg,
    OpeningRequest,
    PaperList,
    Problem,
    ProvisioningToken,
    Round,
    RoundCheck,
    ServiceCode,
)


@pytest.fixture
def town():
    """A bank with goods inside, and one row of everything that has an address. Name of the route → address."""
    bank = make_bank("S", "S chilled")
    collection = ready(bank.point, (make_sheet(temperature="chilled"), 1))
    leg = collection.legs.get()
    compartment = leg.compartment
    walk = rounds.begin(bank, by=None)
    rows = {
        "wall": [],
        "alarms": [],
        "search": [],
        "problems": [],
        "revoke-code": [acting.give_code(bank, why="x", by=make_user(is_staff=True))[0].pk],
        "timeline": [collection.pk],
        "read-code": [collection.pk],
        "approve": [(asked := approving.ask(compartment, why="x", by=make_user(is_staff=True))).pk],
        "decline": [asked.pk],
        "answer-problem": [collections.report_problem(collection, kind=Problem.Kind.DAMAGED).pk],
        "see-alarm": [(alarm := alarms.ring(bank, Alarm.Kind.INTRUSION, subject="C1")).pk],
        "close-alarm": [alarm.pk],
        "round": [walk.pk],
        "finish-round": [walk.pk],
        "check-door": [walk.pk, compartment.pk],
        "logbook-month": [bank.pk, 2026, 11],
        "zone": [compartment.zone_id],
        "zone-month": [compartment.zone_id, 2026, 11],
        "leg-cold": [leg.pk],
        "handed-out": [leg.pk],
        "at-counter": [leg.pk],
        "lost": [leg.pk],
    }
    of_doors = {"door", "block", "unblock", "locate", "open", "clearing-code", "found-empty"}
    return {
        name: reverse(f"pickup:{name}", args=rows.get(name, [compartment.pk if name in of_doors else bank.pk]))
        for name in OURS
    }


def everything() -> list:
    """All that an operator's page could have changed."""
    return [list(model.objects.order_by("pk").values()) for model in TOLD]


@pytest.mark.parametrize("name", OURS)
def test_nobody_but_operators_finds_the_page(client, town, name):
    before = everything()
    address = town[name]

    stranger = [client.get(address), client.post(address, WORDS)]
    client.force_login(make_staff(make_shop()))
    shopkeeper = [client.get(address), client.post(address, WORDS)]
    client.force_login(make_user())
    resident = [client.get(address), client.post(address, WORDS)]

    assert [answer.status_code for answer in stranger] == [302, 302]
    assert all("/connexion/" in answer["Location"] for answer in stranger)
    assert [answer.status_code for answer in shopkeeper + resident] == [404] * 4
    assert everything() == before


@pytest.mark.parametrize("name", OURS)
def test_an_operator_who_was_let_go_finds_nothing_any_more(client, town, name):
    user = make_user(is_staff=True)
    client.force_login(user)
    user.is_staff = False
    user.save()
    before = everything()

    answers = [client.get(town[name]), client.post(town[name], WORDS)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert everything() == before


@pytest.mark.parametrize("name", OURS)
def test_every_address_answers_an_operator_with_all_rights(client, town, name):
    client.force_login(make_user(is_staff=True, is_superuser=True))

    answers = {client.get(town[name]).status_code, client.post(town[name], WORDS).status_code}

    assert answers <= {200, 302, 405}
    assert answers != {405}


@pytest.mark.parametrize("name", [name for name in OURS if name not in ENTRUSTED])
def test_most_addresses_answer_every_operator(client, town, name):
    client.force_login(make_user(is_staff=True))

    assert client.get(town[name]).status_code in {200, 302, 405}
    assert client.post(town[name], WORDS).status_code in {200, 302, 405}


@pytest.mark.parametrize(("name", "right"), ENTRUSTED.items())
def test_without_its_right_an_entrusted_page_names_whom_to_ask(client, town, name, right):
    right = Permission.objects.get(content_type__app_label="pickup", codename=right)
    entrusted = make_user("eve@valmont.example", is_staff=True)
    entrusted.user_permissions.add(right)
    former = make_user("gone@valmont.example", is_staff=False)
    former.user_permissions.add(right)
    client.force_login(make_user(is_staff=True))
    before = everything()

    answers = [client.get(town[name]), client.post(town[name], WORDS)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert all("eve@valmont.example" in answer.content.decode() for answer in answers)
    assert all("gone@valmont.example" not in answer.content.decode() for answer in answers)
    assert everything() == before
    client.force_login(entrusted)
    assert client.post(town[name], WORDS).status_code == 200
