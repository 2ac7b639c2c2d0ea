"""What a locker could not take: the resident reads where else there is room, and the operators find it written down once."""

import pytest
from django.test import Client

from pickup import refusals
from pickup.models import Refusal
from tests.checkout.test_attempts import CONTACT, fill, order
from tests.checkout.town import rows
from tests.pickup.makers import first_window, make_bank, make_sheet, reserve

pytestmark = pytest.mark.django_db
CHOICE = "/commande/retrait/"


@pytest.fixture
def wide():
    """Goods that fit no compartment of a bank of small ones."""
    return make_sheet(volume_l="40.00")


def look(sheet, **browser):
    """The page of places, as a new visitor gets it with the sheet in the basket."""
    client = Client(**browser)
    fill(client, sheet)
    return client.get(CHOICE)


def test_the_places_say_why_and_offer_the_others_and_it_is_written_once(client, counter, wide):
    bank = make_bank("S")
    fill(client, wide)

    page = [client.get(CHOICE) for _look in range(2)][-1]

    offers = {offer.point: offer for offer in page.context["offers"]}
    assert offers[bank.point].windows == []
    assert offers[bank.point].reason in page.text
    assert all(window.key in page.text for window in offers[counter].windows[:1])
    refusal = Refusal.objects.get()
    assert (refusal.point, refusal.code, refusal.legs) == (bank.point, "too_large", [["ambient", "L"]])


def test_who_is_late_by_a_moment_reads_where_there_is_room_and_it_is_written_once(client, counter):
    bank, elsewhere, sheet = make_bank("S"), make_bank("S", name="Consigne de la gare"), make_sheet(price="4.50")
    window = first_window(bank.point, (sheet, 1))
    fill(client, sheet)
    client.post(CHOICE, CONTACT | {"window": window.key})
    reserve(bank.point, (sheet, 1), window=window)
    before = rows()

    pages = [order(client, sheet.price) for _tap in range(2)]

    assert [page["Location"] for page in pages] == [CHOICE] * 2
    said = client.get(CHOICE).text
    assert all(point.name in said for point in (elsewhere.point, counter))
    assert rows() == before
    assert Refusal.objects.filter(point=bank.point, starts_at=window.starts_at, code="class_full").count() == 1


def test_of_basket_after_basket_from_one_connection_only_so_many_are_written(monkeypatch, counter, wide):
    monkeypatch.setattr(refusals, "PAGES_A_DAY", 2)
    bank = make_bank("S")

    pages = [look(wide, REMOTE_ADDR="198.51.100.7") for _basket in range(4)]

    reasons = [[offer.reason for offer in page.context["offers"] if offer.point == bank.point] for page in pages]
    assert all(reason and reason in page.text for page, [reason] in zip(pages, reasons, strict=True))
    assert Refusal.objects.count() == 2
    look(wide, REMOTE_ADDR="198.51.100.8")
    assert Refusal.objects.count() == 3
