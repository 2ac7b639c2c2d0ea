"""The live wall: what it says of each door, when it is sent again, what it costs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from pickup import collections
from pickup.models import Alarm, Bank, BankCommand, Compartment, Parcel, Zone
from pickup.operating import acting, alarms, wall
from tests.pickup.device import snapshot_of
from tests.pickup.makers import make_bank, make_counter, make_sheet, ready, shift

pytestmark = pytest.mark.django_db


def door(bank, label="C1") -> wall.DoorView:
    view = wall.one(bank.pk, timezone.now())
    return next(each for each in view.doors if each.label == label)


def state(client, bank, **headers):
    return client.get(reverse("pickup:bank-state", args=[bank.pk]), headers=headers)


def test_each_door_is_said_in_words(client, operator, bank):
    collection = ready(bank.point, (make_sheet(), 1))
    Parcel.objects.update(deposited_at=timezone.now() - timedelta(hours=3, minutes=5))

    page = client.get(reverse("pickup:bank", args=[bank.pk])).content.decode()

    for text in ("waits for its resident", collection.order.number, "3 hours", "chilled, medium, low", "closed"):
        assert text in page.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("fields", "look", "words"),
    [
        ({}, "free", "free"),
        ({"door": "open"}, "open", "open"),
        ({"contents": "suspect"}, "check", "to be checked"),
        ({"service": "out_of_service", "service_reason": "serrure cassée"}, "blocked", "out of service"),
        ({"service": "quarantined", "service_reason": "intrusion", "door": "open"}, "blocked", "blocked for a check"),
    ],
)
def test_the_drawing_and_the_words_are_one(bank, fields, look, words):
    Compartment.objects.filter(label="C1").update(**fields)

    seen = door(bank)

    assert (seen.look, seen.words, seen.door) == (look, words, fields.get("door", "closed"))


def test_a_blocked_door_with_goods_behind_says_both(bank):
    collection = ready(bank.point, (make_sheet(), 1))
    Compartment.objects.filter(label="C1").update(service="out_of_service", service_reason="jam")

    seen = door(bank)

    assert seen.notes == ["jammed: two attempts did not open it", "goods inside"]
    assert seen.order == collection.order.number


def test_overdue_goods_stand_out(bank):
    shift(ready(bank.point, (make_sheet(), 1)), timedelta(days=3))
    collections.expire_due()

    assert (door(bank).look, door(bank).short_age) == ("overdue", "72 h")


def test_a_door_that_cannot_be_seen_and_a_warm_zone_are_said(bank):
    Compartment.objects.filter(label="C3").update(door="unknown")
    Zone.objects.filter(temperature="chilled").update(in_service=False)

    assert door(bank, "C3").notes == ["the door cannot be seen", "zone out of service"]


def test_what_the_computer_says_of_itself(client, operator, bank, device):
    device.sync(snapshot=snapshot_of(C1=("closed", "in_service")))
    BankCommand.objects.all().delete()
    acting.block(Compartment.objects.get(label="C2"), why="x", by=operator)

    with translation.override("en"):
        facts = dict(wall.one(bank.pk, timezone.now()).facts)

    assert facts["Last contact"] == "less than a minute ago"
    assert facts["Program"] == "test 1"
    assert facts["Keypad"] == "takes codes"
    assert facts["Clock"] == "right to within 1 s"
    assert facts["Orders waiting for the bank"] == "1"


def test_nothing_is_sent_again_while_nothing_changes(client, operator, bank):
    first = state(client, bank)

    again = state(client, bank, if_none_match=first["ETag"])
    Compartment.objects.filter(label="C2").update(door="open")
    changed = state(client, bank, if_none_match=first["ETag"])

    assert (first.status_code, again.status_code, again.content, changed.status_code) == (200, 304, b"", 200)
    assert first["ETag"] != changed["ETag"]


def test_a_sync_that_brings_nothing_new_leaves_the_wall_as_it_is(client, operator, bank, device):
    device.sync()
    first = state(client, bank)

    device.sync()

    assert state(client, bank, if_none_match=first["ETag"]).status_code == 304


def test_each_language_has_its_own_etag(bank):
    english = wall.one(bank.pk, timezone.now()).etag
    with translation.override("fr"):
        french = wall.one(bank.pk, timezone.now()).etag

    assert english != french


@pytest.mark.parametrize("many", [1, 3])
def test_the_overview_asks_as_often_for_any_number_of_banks(client, operator, django_assert_num_queries, many):
    for _bank in range(many):
        other = make_bank("S", "S", "M chilled")
        ready(other.point, (make_sheet(), 1))
    client.get(reverse("pickup:wall"))

    with django_assert_num_queries(16):
        client.get(reverse("pickup:wall"))


@pytest.mark.parametrize("many", [1, 6])
def test_the_live_wall_costs_the_same_queries_for_any_number_of_doors(
    client, operator, django_assert_num_queries, many
):
    bank = make_bank(*["S"] * many)
    etag = state(client, bank)["ETag"]

    with django_assert_num_queries(7):
        answer = state(client, bank, if_none_match=etag)

    assert answer.status_code == 304


def test_the_overview_leads_to_alarms_and_overdue_rounds(client, operator, bank):
    alarms.ring(bank, Alarm.Kind.INTRUSION, subject="C1")

    page = client.get(reverse("pickup:wall")).content.decode()

    assert "1 alarm" in page
    assert "none so far" in page


def test_an_unknown_bank_or_door_is_not_found(client, operator):
    addresses = [reverse(f"pickup:{name}", args=[999]) for name in ("bank", "bank-state", "door", "logbook", "rounds")]

    assert [client.get(address).status_code for address in addresses] == [404] * 5


def test_a_compartment_is_blocked_with_a_reason_and_comes_back(client, operator, bank):
    compartment = Compartment.objects.get(label="C1")

    client.post(reverse("pickup:block", args=[compartment.pk]), {"why": "serrure cassée"})
    compartment.refresh_from_db()
    assert (compartment.service, compartment.service_reason) == ("out_of_service", "serrure cassée")
    assert bank.classes.get(temperature="ambient").doors == 1
    client.post(reverse("pickup:unblock", args=[compartment.pk]))

    compartment.refresh_from_db()
    assert (compartment.service, compartment.service_reason) == ("in_service", "")
    assert bank.classes.get(temperature="ambient").doors == 2
    assert list(BankCommand.objects.values_list("data__state", "by")) == [
        ("out_of_service", operator.pk),
        ("in_service", operator.pk),
    ]


def test_after_a_fault_of_the_lock_the_bank_has_the_last_word(client, operator, bank):
    Compartment.objects.filter(label="C1").update(service="out_of_service", service_reason="jam")
    compartment = Compartment.objects.get(label="C1")
    page = client.get(reverse("pickup:door", args=[compartment.pk])).content.decode()
    assert "only after it has seen the door open and close" in page

    client.post(reverse("pickup:unblock", args=[compartment.pk]))

    compartment.refresh_from_db()
    assert compartment.service == "out_of_service"
    assert BankCommand.objects.get().data["state"] == "in_service"


def test_showing_a_door_opens_nothing(client, operator, bank):
    client.post(reverse("pickup:locate", args=[Compartment.objects.get(label="C2").pk]))

    assert list(BankCommand.objects.values_list("type", "data")) == [("door.locate", {"compartment": "C2"})]


def test_overdue_goods_are_cleared_with_a_code_of_their_own(client, operator, bank):
    make_counter(name="Comptoir des Halles", opening_hours="Mo-Su 09:00-18:00")
    collection = ready(bank.point, (make_sheet(), 1))
    compartment = collection.legs.get().compartment
    address = reverse("pickup:clearing-code", args=[compartment.pk])
    assert client.post(address).status_code == 302
    assert not operator_codes(bank)

    shift(collection, timedelta(days=3))
    collections.expire_due()
    page = client.post(address).content.decode()

    assert "<svg" in page
    assert "Comptoir des Halles" in page
    assert " to 18:00" in page  # from now or from tomorrow morning on, as the test may run at any hour
    assert [(code.by, code.leg) for code in operator_codes(bank)] == [(operator, collection.legs.get())]
    assert not BankCommand.objects.exists()


def operator_codes(bank: Bank) -> list:
    return list(bank.service_codes.all())


def test_a_code_for_the_whole_bank_needs_a_reason_and_is_kept_nowhere(client, operator, bank):
    address = reverse("pickup:service-code", args=[bank.pk])

    without = client.post(address, {"why": ""})
    page = client.post(address, {"why": "tournée"})

    assert ("<svg" in without.content.decode(), "<svg" in page.content.decode()) == (False, True)
    assert "no-store" in page["Cache-Control"]
    assert [(code.why, code.by) for code in operator_codes(bank)] == [("tournée", operator)]
