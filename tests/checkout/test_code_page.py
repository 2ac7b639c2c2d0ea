"""The resident's code: on the order page, full screen, on paper."""

import re
from datetime import timedelta

import pytest
from icalendar import Calendar

from marketplace.checkout.models import OrderDetails
from pickup import collections
from pickup.models import Collection
from tests.pickup.makers import confirmed, free_compartment, make_bank, make_counter, make_sheet, parcels_of, ready

pytestmark = pytest.mark.django_db
PIN = re.compile(r"data-pin>(\d{4} \d{4})<")


def address(collection: Collection, page: str = "") -> str:
    """The private page of its order."""
    order = collection.order
    order.status = "paid"
    order.save()
    details, _created = OrderDetails.objects.get_or_create(
        order=order, defaults={"name": "Camille", "email": "c@example.org"}
    )
    return f"{details.get_absolute_url()}{page}"


def test_goods_in_a_locker_show_code_doors_and_drawing_and_may_be_kept_offline(client):
    collection = ready(make_bank("M", "M").point, (make_sheet(), 1))

    page = client.get(address(collection)).text

    assert PIN.search(page)
    assert 'data-keep="yes"' in page
    assert "<strong>C1</strong> colonne 1 en partant de la gauche, porte 1 en partant du haut" in page
    assert 'class="bank-drawing"' in page
    assert 'aria-current="step"' in page


def test_before_the_goods_are_there_no_code_is_shown_nor_kept(client):
    collection = confirmed(make_bank("M", "M").point, (make_sheet(), 1))

    page = client.get(address(collection)).text

    assert not PIN.search(page)
    assert 'data-keep="no"' in page
    assert client.get(address(collection, "code/")).status_code == 404


def test_paper_carries_the_same_code_from_the_payment_on(client):
    collection = confirmed(make_bank("M", "M").point, (make_sheet(), 1))
    before = PIN.search(client.get(address(collection, "bon/")).text)[1]

    for parcel in parcels_of(collection):
        collections.deposit(parcel, compartment=free_compartment(parcel))

    assert PIN.search(client.get(address(collection, "bon/")).text)[1] == before
    assert PIN.search(client.get(address(collection, "code/")).text)[1] == before
    assert PIN.search(client.get(address(collection)).text)[1] == before


@pytest.mark.parametrize("status", ["held", "collected", "released"])
def test_an_order_that_is_not_paid_or_over_has_neither_code_nor_paper(client, status):
    collection = confirmed(make_bank("M", "M").point, (make_sheet(), 1))
    Collection.objects.filter(pk=collection.pk).update(status=status)

    answers = [client.get(address(collection, page)) for page in ("code/", "bon/")]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_at_a_counter_the_code_is_shown_to_a_person(client):
    collection = ready(make_counter(), (make_sheet(), 1))

    page = client.get(address(collection)).text

    assert "Montrez ce code au comptoir." in page
    assert "bank-drawing" not in page
    assert "Donnez ce bon à la personne au comptoir." in client.get(address(collection, "bon/")).text


@pytest.mark.parametrize("page", ["code/", "bon/"])
def test_pages_with_the_code_are_stored_by_nobody_else(client, page):
    answer = client.get(address(ready(make_bank("M", "M").point, (make_sheet(), 1)), page))

    assert "no-store" in answer["Cache-Control"]
    assert (answer["X-Robots-Tag"], answer["Referrer-Policy"]) == ("noindex", "same-origin")


def test_the_worker_of_offline_pages_is_a_script_of_ours(client):
    answer = client.get("/commandes-hors-ligne.js")

    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert 'self.addEventListener("fetch"' in answer.text


def test_the_calendar_entry_rings_three_hours_before_the_end_and_leads_back_to_the_order(client):
    collection = ready(make_bank("M", "M", access="Sous l’auvent").point, (make_sheet(), 1))

    entry = Calendar.from_ical(client.get(address(collection, "agenda.ics")).content).walk("VEVENT")[0]

    alarm = entry.walk("VALARM")[0]
    assert collection.ends_at - timedelta(hours=3) == alarm.TRIGGER
    assert entry["url"] == f"http://testserver{address(collection)}"
    assert collection.point.name in entry["location"]
    assert entry["description"] == "Sous l’auvent"
