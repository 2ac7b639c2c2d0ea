"""The pages: who sees them, what they say, what their buttons do."""

import pytest
from django.urls import reverse
from django.utils import translation

from pickup import collections
from pickup.models import Collection
from tests.factories import make_shop, make_staff, make_user
from tests.pickup import back_office
from tests.pickup.makers import confirmed, make_bank, make_counter, make_point, make_sheet, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client):
    user = make_user(is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize("many", [1, 3])
def test_everybody_finds_the_points_with_hours_and_access(client, django_assert_max_num_queries, many):
    for number in range(many):
        make_point(name=f"Gare {number}", access="Porte bleue", host_shop=make_shop())
    make_counter(name="Office", opening_hours="Tu-Sa 09:00-12:30", phone="02 00 00 00 01")
    make_counter(name="Fermé pour toujours", is_active=False)

    with django_assert_max_num_queries(8):
        page = client.get(reverse("pickup:points")).content.decode()

    assert [text in page for text in ("Gare 0", "Porte bleue", "Day and night", "09:00 – 12:30", "02 00 00 00 01")] == [
        True
    ] * 5
    assert "Fermé pour toujours" not in page


def test_people_read_how_many_doors_they_reach_seated_and_what_else_they_want_to_know(client):
    make_bank("S low", "M", "L", accessibility="Clavier à 95 cm.", latitude="47.367900", longitude="-0.916200")

    page = client.get("/points-de-retrait/").text

    assert "1 des 3 portes s’ouvre assis" in page
    assert "Clavier à 95 cm." in page
    assert 'href="geo:47.367900,-0.916200"' in page


def test_the_host_shop_hands_over_at_its_counter(client):
    shop = make_shop()
    counter = make_counter(host_shop=shop)
    collection = ready(counter, (make_sheet(), 1))
    client.force_login(make_staff(shop))
    address = reverse("pickup:counter", args=[counter.slug])

    wrong = client.post(address, {"code": "0000 0000"})
    right = client.post(address, {"code": collections.progress(Collection.objects.get(pk=collection.pk)).pin})

    assert "does not belong" in wrong.content.decode()
    assert 'value="0000 0000"' in wrong.content.decode()
    assert right.status_code == 302
    collection.refresh_from_db()
    assert collection.status == "collected"


def test_another_shops_people_have_no_business_at_the_counter(client):
    counter = make_counter(host_shop=make_shop())
    collection = ready(counter, (make_sheet(), 1))
    client.force_login(make_staff(make_shop()))

    answers = [
        client.get(reverse("pickup:counter", args=[counter.slug])),
        client.post(reverse("pickup:counter", args=[counter.slug]), {"code": "12345678"}),
        client.post(reverse("pickup:counter-deposit", args=[counter.slug, collection.order.shop_orders.get().pk])),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3
    collection.refresh_from_db()
    assert collection.status == "ready"


def test_codes_cannot_be_tried_without_end(client, operator, monkeypatch):
    monkeypatch.setattr("pickup.views.counters.TRIES_PER_HOUR", 2)
    counter = make_counter()
    collection = ready(counter, (make_sheet(), 1))
    address = reverse("pickup:counter", args=[counter.slug])
    for _ in range(2):
        client.post(address, {"code": "00000000"})

    page = client.post(address, {"code": collections.progress(Collection.objects.get(pk=collection.pk)).pin})

    assert "Too many codes" in page.content.decode()
    collection.refresh_from_db()
    assert collection.status == "ready"


def test_the_counter_takes_in_what_shops_bring(client, operator):
    counter = make_counter()
    collection = confirmed(counter, (make_sheet(), 1))
    shop_order = collection.order.shop_orders.get()
    page = client.get(reverse("pickup:counter", args=[counter.slug])).content.decode()
    assert shop_order.number in page

    client.post(reverse("pickup:counter-deposit", args=[counter.slug, shop_order.pk]))

    collection.refresh_from_db()
    assert collection.status == "ready"


def test_a_scanned_code_is_as_good_as_a_typed_one(client, operator):
    from pickup import codes

    counter = make_counter()
    collection = Collection.objects.get(pk=ready(counter, (make_sheet(), 1)).pk)

    client.post(reverse("pickup:counter", args=[counter.slug]), {"code": codes.collect_token(collection)})

    collection.refresh_from_db()
    assert collection.status == "collected"


@pytest.mark.parametrize("model", ["point", "bank", "collection", "bankevent", "bankcommand"])
def test_the_back_office_opens(admin_client, model):
    bank = make_bank("S")
    ready(bank.point, (make_sheet(), 1))

    assert admin_client.get(reverse(f"admin:pickup_{model}_changelist")).status_code == 200


def test_saving_a_bank_recounts_its_doors(admin_client):
    bank = make_bank("S", "S")
    bank.classes.all().delete()

    answer = back_office.save(admin_client, bank)

    assert answer.status_code == 302
    assert bank.classes.get().doors == 2
