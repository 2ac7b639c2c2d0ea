"""Pieces of the day, sold out today, days of collection and preparation: what residents can order, and when it comes back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.checkout import placing
from pickup import errors, windows
from shops import basket as baskets
from shops import daily, hours, orders, products, selling, stock
from shops.models import Closure, ProductSheet, ShopStaff
from tests.checkout.town import first_window, make_counter, place
from tests.factories import make_basket, make_product, make_shop
from tests.pickup.makers import make_bank
from tests.shops.at_the_desk import sign_in

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
FRIDAY, SATURDAY, SUNDAY, MONDAY = (datetime(2026, 9, day, tzinfo=PARIS) for day in (18, 19, 20, 21))


@pytest.fixture
def bakery():
    return make_shop("Boulangerie", opening_hours="Mo-Sa 07:00-19:30", lead_minutes=30)


@pytest.fixture
def baguette(bakery):
    return make_product(bakery, "Baguette", stock=0, daily_stock=20)


@pytest.fixture
def at(time_machine):
    def move(moment, **clock):
        time_machine.move_to(moment.replace(**clock), tick=False)

    return move


@pytest.fixture
def counter():
    return make_counter(opening_hours="Mo-Su 00:00-24:00")


def left(sheet) -> int:
    return ProductSheet.objects.with_all().get(pk=sheet.pk).left


def fresh(sheet) -> ProductSheet:
    return ProductSheet.objects.with_all().get(pk=sheet.pk)


def test_what_is_ordered_counts_until_the_shop_closes(at, baguette, counter):
    at(FRIDAY, hour=9)
    place(make_basket((baguette, 15)))
    assert left(baguette) == 5

    at(FRIDAY, hour=19, minute=29)
    assert left(baguette) == 5

    at(FRIDAY, hour=19, minute=30)
    assert left(baguette) == 20


def test_the_night_counts_for_the_next_opening_day(at, baguette, counter):
    at(SATURDAY, hour=20)  # closed until Monday
    place(make_basket((baguette, 15)))

    at(SUNDAY, hour=12)
    assert left(baguette) == 5
    at(MONDAY, hour=19)
    assert left(baguette) == 5
    at(MONDAY, hour=19, minute=31)
    assert left(baguette) == 20


def test_a_closure_is_no_opening_day(at, bakery, baguette, counter):
    Closure.objects.create(shop=bakery, first_on=MONDAY.date(), last_on=MONDAY.date())

    at(SATURDAY, hour=20)
    place(make_basket((baguette, 15)))

    at(MONDAY, hour=23)
    assert left(baguette) == 5


def test_pieces_of_a_cancelled_order_can_be_sold_on_the_same_day_only(at, baguette, counter):
    at(FRIDAY, hour=9)
    today, late = place(make_basket((baguette, 5))), place(make_basket((baguette, 5)))
    orders.cancel(today, reason="")
    assert left(baguette) == 15

    at(SATURDAY, hour=9)
    place(make_basket((baguette, 8)))
    orders.cancel(late, reason="")
    assert left(baguette) == 12


def test_daily_goods_stand_in_for_others_as_long_as_there_are_some(at, baguette):
    at(FRIDAY, hour=9)

    assert not stock.reserve({baguette.stock_id: 21})
    assert stock.reserve({baguette.stock_id: 18})
    assert not stock.reserve({baguette.stock_id: 3})
    assert left(baguette) == 2


def test_more_than_the_day_holds_is_refused_in_words_and_changes_nothing(at, baguette, counter):
    at(FRIDAY, hour=9)
    place(make_basket((baguette, 18)))
    wanted = make_basket((baguette, 2))
    wanted.lines.update(quantity=3)

    with pytest.raises(placing.SoldOut):
        place(wanted, window=first_window(wanted))

    assert left(baguette) == 2


def test_what_is_gone_today_says_when_it_comes_back(at, baguette, counter):
    at(FRIDAY, hour=9)
    place(make_basket((baguette, 20)))

    with pytest.raises(baskets.NotEnough) as refused:
        baskets.add(make_basket(), fresh(baguette), 1)

    assert "19:30" in str(refused.value)
    assert list(ProductSheet.objects.in_stock()) == []
    assert list(ProductSheet.objects.out_of_stock()) == [baguette]

    at(SATURDAY, hour=7)
    assert list(ProductSheet.objects.in_stock()) == [baguette]


def test_the_shop_counts_anew_what_is_left_today(at, bakery, baguette):
    at(FRIDAY, hour=9)

    products.update(baguette, stock=25)
    assert left(baguette) == 25
    products.update(baguette, stock=3)
    assert left(baguette) == 3

    at(SATURDAY, hour=9)
    assert left(baguette) == 20


def test_sold_out_today_is_gone_by_itself(at, bakery):
    tart = make_product(bakery, "Tarte", stock=8)
    helper = sign_in(bakery, ShopStaff.Role.HELPER)

    at(FRIDAY, hour=15)
    helper("sell_out", tart.pk, data={})
    assert (left(tart), list(ProductSheet.objects.in_stock())) == (0, [])
    assert "19:30" in selling.sold_out(fresh(tart))

    at(FRIDAY, hour=19, minute=30)
    assert (left(tart), list(ProductSheet.objects.in_stock())) == (8, [tart])


def test_sold_out_today_is_taken_back_by_a_tap_an_undo_or_a_count(at, bakery):
    tart = make_product(bakery, "Tarte", stock=8)
    helper = sign_in(bakery, ShopStaff.Role.HELPER)
    at(FRIDAY, hour=15)

    for back in (
        lambda: helper("sell_again", tart.pk, data={}),
        lambda: helper("undo", data={"deed": tart.changes.latest("pk").deed}),
        lambda: products.update(tart, stock=8),
    ):
        helper("sell_out", tart.pk, data={})
        assert left(tart) == 0
        back()
        assert left(tart) == 8


def test_a_product_without_stock_does_not_come_back_by_itself(at, bakery):
    at(FRIDAY, hour=15)
    tart = make_product(bakery, "Tarte", stock=0, sold_out_until=timezone.now() + timedelta(hours=2))

    assert (fresh(tart).sold_out_today, fresh(tart).back_at) == (False, None)


def test_the_day_of_a_shop_that_never_opens_ends_at_midnight(at):
    at(FRIDAY, hour=15)

    assert hours.end_of_day(make_shop(opening_hours="off"), timezone.now()) == SATURDAY
    assert daily.end_of_day(make_product(make_shop(opening_hours="24/7")), timezone.now()) == SATURDAY


def weekdays(offer) -> set[int]:
    return {window.weekday for window in offer.windows}


def offers_of(*sheets):
    return windows.offers([placing.pieces(fresh(sheet)) for sheet in sheets], now=timezone.now())


@pytest.mark.parametrize("day", range(7))
def test_no_window_begins_on_another_day(at, bakery, counter, day):
    at(FRIDAY, hour=9)
    make_bank("S")
    roast = make_product(bakery, "Rôti", collect_days=str(day))

    offers = offers_of(roast)

    assert [weekdays(offer) for offer in offers] == [{day}, {day}]


def test_a_window_of_another_day_is_refused_when_the_order_is_placed(at, bakery, counter):
    at(FRIDAY, hour=9)
    roast = make_product(bakery, "Rôti")
    friday = first_window(make_basket((roast, 1)))
    products.update(roast, collect_days="5")

    with pytest.raises(errors.WindowClosed):
        place(make_basket((fresh(roast), 1)), window=friday)

    assert left(roast) == 10


def test_goods_that_share_no_day_are_ordered_apart(at, bakery, counter, client):
    at(FRIDAY, hour=9)
    roast, fish = make_product(bakery, "Rôti", collect_days="56"), make_product(bakery, "Bar", collect_days="4")
    wanted = make_basket((roast, 1), (fish, 1))

    [offer] = offers_of(roast, fish)
    assert offer.windows == []
    assert "Rôti" in offer.reason and "Bar" in offer.reason and "samedi" in offer.reason and "vendredi" in offer.reason
    assert baskets.review(wanted).no_common_day == offer.reason


def test_three_goods_of_which_each_two_share_a_day_but_not_all(at, bakery, counter):
    sheets = [make_product(bakery, title, collect_days=days) for title, days in (("A", "45"), ("B", "56"), ("C", "46"))]

    [offer] = offers_of(*sheets)

    assert all(title in offer.reason for title in "ABC")
    assert offer.windows == []


def test_a_longer_preparation_and_the_days_are_said_before_the_choice(at, bakery, counter, client):
    at(FRIDAY, hour=9)
    cake = make_product(bakery, "Pièce montée", collect_days="456", lead_minutes=2 * 24 * 60)

    page = client.get(cake.get_absolute_url()).content.decode()
    assert all(words in page for words in selling.conditions(fresh(cake)))

    client.post(reverse("basket:add"), {"product": cake.product_id, "quantity": 1})
    for address in (reverse("basket:summary"), reverse("checkout:choice")):
        shown = client.get(address).content.decode()
        assert all(words in shown for words in selling.conditions(fresh(cake))), address


def test_days_and_quantities_are_set_at_the_desk(bakery):
    sheet = make_product(bakery, "Baguette", stock=3)
    owner = sign_in(bakery, ShopStaff.Role.OWNER)
    initial = owner("selling", sheet.pk).context["form"]

    owner(
        "selling",
        sheet.pk,
        data={"daily_stock": "20", "days": ["6", "5"], "lead": "2", "unit": "1440", "seen": initial["seen"].value()},
    )

    sheet = fresh(sheet)
    assert (sheet.daily_stock, sheet.collect_days, sheet.lead_minutes, sheet.left) == (20, "56", 2880, 20)
    again = owner("selling", sheet.pk).context["form"]
    assert (again["lead"].value(), again["unit"].value(), again["days"].value()) == (2, "1440", ["5", "6"])


def test_days_and_quantities_that_cannot_be_are_refused_in_words(bakery):
    sheet = make_product(bakery, "Baguette")
    owner = sign_in(bakery, ShopStaff.Role.OWNER)

    page = owner("selling", sheet.pk, data={"daily_stock": "-1", "lead": "30", "unit": "1440"})

    assert set(page.context["form"].errors) == {"daily_stock", "days", "lead"}
    assert fresh(sheet).daily_stock is None


def test_two_people_who_set_days_read_of_each_other(bakery):
    sheet = make_product(bakery, "Baguette")
    owner = sign_in(bakery, ShopStaff.Role.OWNER)
    opened = owner("selling", sheet.pk).context["form"]["seen"].value()
    products.update(sheet, collect_days="5")

    typed = {"daily_stock": "", "days": ["4"], "unit": "60", "seen": opened}
    page = owner("selling", sheet.pk, data=typed)

    assert "samedi" in page.context["conflict"] and "vendredi" in page.context["conflict"]
    assert fresh(sheet).collect_days == "5"
    owner("selling", sheet.pk, data=typed | {"seen": page.context["form"]["seen"].value()})
    assert fresh(sheet).collect_days == "4"
