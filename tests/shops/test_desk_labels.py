"""Labels: one per bag, with all that must be found on it and no more of the resident than initials."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.checkout.labels import initials
from marketplace.checkout.models import OrderDetails
from pickup import codes
from shops import orders
from shops.desk import hooks
from shops.desk import labels as bag_labels
from tests.factories import make_product, make_shop, make_staff
from tests.pickup.makers import confirmed, debit, make_bank, make_counter, reserve
from tests.shops.orders_of import paid_shop_order, pay

pytestmark = pytest.mark.django_db
NAME, EMAIL = "Marie-Claude Delatour", "marie-claude@example.org"


@pytest.fixture
def shop():
    return make_shop("Boulangerie Martin", opening_hours="24/7", lead_minutes=0)


@pytest.fixture
def page(shop):
    """`page(shop_order, **query)`: the text of its labels, as somebody of the shop sees them."""
    client = Client()
    client.force_login(make_staff(shop))
    return lambda order, **query: client.get(reverse("desk:labels", args=[shop.slug, order.pk]), query)


def packed(shop, point, *wanted, bags=1, make=confirmed):
    """The shop's part of a debited order that stands packed."""
    collection = make(point, *wanted)
    OrderDetails.objects.create(order=collection.order, name=NAME, email=EMAIL, language="fr")
    shop_order = collection.order.shop_orders.get(shop=shop)
    return orders.mark_ready(shop_order, bags=bags)


def kinds(labels) -> list[tuple[int, int, str]]:
    return [(label.bag, label.bags, label.temperature) for label in labels]


def test_a_label_says_what_the_bank_the_shop_and_the_resident_look_for(shop, page):
    bank = make_bank("L", name="Consigne de la Halle")
    shop_order = packed(shop, bank.point, (make_product(shop, volume_l="5.00"), 1), bags=2)
    [code] = codes.deposit_codes(shop_order)

    text = page(shop_order).content.decode()

    assert text.count('class="label"') == text.count(code.qr_svg) == text.count(code.pin) == 2
    for words in (
        "Sac 1 sur 2",
        "Sac 2 sur 2",
        "M. D.",
        shop_order.number,
        "Boulangerie Martin",
        "Consigne de la Halle",
    ):
        assert words in text
    assert "ambiant" in text


def test_a_label_gives_the_resident_away_by_no_more_than_initials(shop, page):
    shop_order = packed(shop, make_bank("L").point, (make_product(shop), 1))

    text = page(shop_order).content.decode()

    assert not {word for word in ("Marie", "Claude", "Delatour", EMAIL) if word in text}


def test_goods_kept_apart_have_bags_and_codes_of_their_own(shop, page):
    bank = make_bank("L", "L chilled")
    bread = make_product(shop, volume_l="2.00")
    cream = make_product(shop, volume_l="1.00", temperature="chilled")
    shop_order = packed(shop, bank.point, (bread, 1), (cream, 1), bags=3)

    labels = bag_labels.labels(shop_order)
    text = page(shop_order).content.decode()

    assert kinds(labels) == [(1, 3, "ambient"), (2, 3, "ambient"), (3, 3, "chilled")]
    warm, cold = sorted(codes.deposit_codes(shop_order), key=lambda code: code.temperature)
    assert [label.code.pin for label in labels] == [warm.pin, warm.pin, cold.pin]
    assert (text.count(warm.qr_svg), text.count(cold.qr_svg)) == (2, 1)


def test_the_shop_says_how_many_bags_are_cold(shop, page):
    bank = make_bank("L", "L chilled")
    bread, cream = make_product(shop, volume_l="2.00"), make_product(shop, volume_l="1.00", temperature="chilled")
    shop_order = packed(shop, bank.point, (bread, 1), (cream, 1), bags=3)

    labels = page(shop_order, ambient="1", chilled="2").context["labels"]

    assert kinds(labels) == [(1, 3, "ambient"), (2, 3, "chilled"), (3, 3, "chilled")]


@pytest.mark.parametrize("nonsense", ["", "0", "-1", "41", "9" * 400, "x", "\x00", "1.5", "🥖"])
def test_nonsense_for_a_number_of_bags_is_named_beside_its_field(shop, page, nonsense):
    bank = make_bank("L", "L chilled")
    bread, cream = make_product(shop, volume_l="2.00"), make_product(shop, volume_l="1.00", temperature="chilled")
    shop_order = packed(shop, bank.point, (bread, 1), (cream, 1), bags=2)

    answer = page(shop_order, ambient=nonsense, chilled="1")

    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"ambient"}
    assert len(answer.context["labels"]) == 2


def test_what_was_refused_is_on_no_label(shop):
    bread, cream = make_product(shop), make_product(shop, temperature="chilled")
    shop_order = reserve(make_bank("L", "L chilled").point, (bread, 1), (cream, 1)).order.shop_orders.get()
    pay(shop_order.order)
    by_sheet = dict(shop_order.lines.values_list("sheet", "pk"))
    orders.answer(shop_order, accepted={by_sheet[bread.pk]: 1, by_sheet[cream.pk]: 0}, reasons={})
    debit(shop_order.order)
    shop_order = orders.mark_ready(shop_order, bags=1)

    assert kinds(bag_labels.labels(shop_order)) == [(1, 1, "ambient")]


def test_before_the_debit_and_at_a_counter_the_square_names_order_and_bag(shop, page):
    undebited = reserve(make_bank("L").point, (make_product(shop), 1)).order.shop_orders.get()
    pay(undebited.order)
    orders.accept_all(undebited, by=None)
    at_bank = page(orders.mark_ready(undebited, bags=1))
    at_counter = page(packed(shop, make_counter(name="Office de tourisme"), (make_product(shop), 1)))

    for answer in (at_bank, at_counter):
        label = answer.context["labels"][0]
        assert label.code is None
        assert str(label.qr_svg) in answer.content.decode()
        assert "Le carré indique" in answer.content.decode()
    assert "Office de tourisme" in at_counter.content.decode()


def test_the_paper_is_remembered(shop, page):
    shop_order = paid_shop_order(make_product(shop))
    orders.accept_all(shop_order, by=None)
    orders.mark_ready(shop_order, bags=1)

    sheets = [page(shop_order), page(shop_order, paper="roll"), page(shop_order), page(shop_order, paper="papyrus")]
    parcel = page(shop_order, paper="sheet").content.decode()

    assert ["labels-roll.css" in answer.content.decode() for answer in sheets] == [False, True, True, True]
    assert "labels-sheet.css" in parcel
    assert ["labels-a4.css" in answer.content.decode() for answer in sheets] == [True, False, False, False]


def test_without_the_other_packages_a_label_still_prints(shop, page, monkeypatch):
    monkeypatch.setattr(hooks, "promise", lambda shop_order: None)
    monkeypatch.setattr(hooks, "deposit_codes", lambda shop_order: [])
    shop_order = paid_shop_order(make_product(shop))
    orders.accept_all(shop_order, by=None)

    text = page(orders.mark_ready(shop_order, bags=1)).content.decode()

    assert shop_order.number in text


def test_a_code_of_another_temperature_is_not_taken(shop, monkeypatch):
    shop_order = paid_shop_order(make_product(shop))
    monkeypatch.setattr(hooks, "deposit_codes", lambda order: [SimpleNamespace(temperature="chilled", pin="1234 5678")])

    assert [label.code for label in bag_labels.labels(shop_order)] == [None]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Camille Essai", "C. E."),
        ("anne-marie de la tour", "A. T."),
        ("Élise", "É."),
        ("", ""),
        ("🥖 !", ""),
        ("李 小龙", "李. 小."),
    ],
)
def test_initials_are_first_letters(name, expected):
    assert initials(name) == expected
