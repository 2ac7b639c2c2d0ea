"""Cut-off and the most orders at a time: what residents are offered, what is refused, in words that help."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pickup import errors, windows
from shops import hours, limits
from shops.models import Closure, ShopOrder
from tests.checkout.town import first_window, make_counter, place, rows
from tests.factories import make_basket, make_product, make_shop
from tests.pickup.makers import fresh, make_bank
from tests.shops.orders_of import place as place_order

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """September 2026, where the 17th is a Thursday."""
    return datetime(2026, 9, day, hour, minute, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def thursday(time_machine):
    time_machine.move_to(at(17, 9), tick=False)
    return time_machine


def shop_until(cutoff: time | None, *, days: int = 0, week: str = "Mo-Sa 08:00-19:00", **fields):
    return make_shop(opening_hours=week, cutoff_at=cutoff, cutoff_days=days, lead_minutes=60, **fields)


@pytest.mark.parametrize(
    ("ordered", "days", "ready"),
    [
        (at(17, 10, 59), 0, at(17, 11, 59)),
        (at(17, 11), 0, at(18, 9)),
        (at(17, 6), 0, at(17, 9)),
        (at(17, 10), 1, at(18, 9)),
        (at(17, 12), 1, at(19, 9)),
        (at(19, 12), 0, at(21, 9)),  # Saturday noon: Monday
        (at(19, 10), 1, at(21, 9)),
        (at(20, 10), 0, at(21, 9)),  # Sunday, closed
        (at(17, 10), 3, at(21, 9)),  # Friday, Saturday, Monday
    ],
)
def test_an_order_belongs_to_the_opening_day_whose_cutoff_it_meets(ordered, days, ready):
    shop = shop_until(time(11), days=days)

    assert hours.ready_at(shop, ordered, 60) == ready


def test_a_cutoff_after_closing_still_counts_for_that_day():
    shop = shop_until(time(20), days=1)

    assert hours.ready_at(shop, at(17, 19, 30), 60) == at(18, 9)


def test_closures_are_no_opening_days():
    shop = shop_until(time(11))
    Closure.objects.create(shop=shop, first_on=date(2026, 9, 18), last_on=date(2026, 9, 19))

    assert hours.ready_at(shop, at(17, 12), 60) == at(21, 9)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_cutoff_is_wall_time_on_the_days_of_a_change_of_clocks(day):
    shop = shop_until(time(11), week="Mo-Su 08:00-19:00")
    before, after = (datetime.combine(day, each, PARIS) for each in (time(10, 59), time(11)))

    assert hours.ready_at(shop, before, 60) == datetime.combine(day, time(11, 59), PARIS)
    assert hours.ready_at(shop, after, 60) == datetime.combine(day + timedelta(days=1), time(9), PARIS)


def test_a_shop_that_never_opens_has_no_time():
    assert hours.ready_at(shop_until(time(11), week="off"), at(17, 9), 60) is None


def test_the_windows_offered_respect_the_cutoff(thursday):
    make_counter()
    sheet = make_product(shop_until(time(11)))
    before = windows.offers(fresh((sheet, 1)), now=timezone.now())[0].windows[0]

    thursday.move_to(at(17, 11), tick=False)
    after = windows.offers(fresh((sheet, 1)), now=timezone.now())[0].windows[0]

    days = [timezone.localtime(window.starts_at).date() for window in (before, after)]
    assert days == [date(2026, 9, 17), date(2026, 9, 18)]


def test_a_window_chosen_before_the_cutoff_is_refused_after_it(thursday):
    make_counter()
    basket = make_basket((make_product(shop_until(time(11))), 1))
    window = first_window(basket)
    before = rows()

    thursday.move_to(at(17, 11, 30), tick=False)

    with pytest.raises(errors.WindowClosed):
        place(basket, window=window)
    assert rows() == before


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (0, "Commandez avant 11:00 : c’est prêt le jour même."),
        (1, "Commandez avant 11:00 : c’est prêt le jour d’ouverture suivant."),
        (3, "Commandez avant 11:00 : c’est prêt 3 jours d’ouverture plus tard."),
    ],
)
def test_the_shop_page_says_until_when(days, sentence):
    page = Client().get(shop_until(time(11), days=days).get_absolute_url()).content.decode()

    assert sentence in page.replace("\u202f", " ").replace("\xa0", " ")


def test_the_desk_stores_and_takes_back_the_rules(shop, desk):
    fields = {"email": shop.email, "lead_minutes": "60", "answer_minutes": "60"}
    desk("shop", data=fields | {"cutoff_at": "11:00", "cutoff_days": "1", "window_limit": "4"})
    shop.refresh_from_db()
    assert (shop.cutoff_at, shop.cutoff_days, shop.window_limit) == (time(11), 1, 4)

    desk("shop", data=fields)

    shop.refresh_from_db()
    assert (shop.cutoff_at, shop.cutoff_days, shop.window_limit) == (None, 0, None)


@pytest.mark.parametrize(
    "wrong", [{"cutoff_at": "25:00"}, {"window_limit": "0"}, {"window_limit": "x"}, {"cutoff_days": "5"}]
)
def test_rules_that_make_no_sense_are_shown_again(shop, desk, wrong):
    page = desk("shop", data={"email": shop.email, "lead_minutes": "60", "answer_minutes": "60"} | wrong)

    shop.refresh_from_db()
    assert page.context["form"].errors
    assert (shop.cutoff_at, shop.cutoff_days, shop.window_limit) == (None, 0, None)


def filled(shop, window, number: int) -> None:
    """So many orders that the shop must bring for this window."""
    sheet = make_product(shop)
    for _ in range(number):
        order = place_order((sheet, 1))
        ShopOrder.objects.filter(order=order).update(deposit_by=window.deposit_by)


def test_a_full_time_is_not_offered_and_the_next_half_hour_is():
    make_counter()
    sheet = make_product(make_shop(window_limit=2, lead_minutes=0))
    first = windows.offers(fresh((sheet, 1)), now=timezone.now())[0].windows[0]

    filled(sheet.shop, first, 2)

    again = windows.offers(fresh((sheet, 1)), now=timezone.now())[0].windows[0]
    assert again.starts_at == first.starts_at + timedelta(minutes=30)
    assert again.ends_at == first.ends_at


def test_a_full_evening_at_a_bank_gives_way_to_the_next():
    make_bank("L", "L")
    sheet = make_product(make_shop(window_limit=1, lead_minutes=0))
    first = windows.offers(fresh((sheet, 1)), now=timezone.now())[0].windows[0]

    filled(sheet.shop, first, 1)

    again = windows.offers(fresh((sheet, 1)), now=timezone.now())[0].windows
    assert first.deposit_by not in [window.deposit_by for window in again]
    assert again[0].starts_at == first.starts_at + timedelta(days=1)


def test_when_all_evenings_are_full_the_reason_names_the_shop():
    make_bank("L", "L")
    sheet = make_product(make_shop("Boulangerie Martin", window_limit=1, lead_minutes=0))
    while found := windows.offers(fresh((sheet, 1)), now=timezone.now())[0].windows:
        filled(sheet.shop, found[0], 1)

    [offer] = windows.offers(fresh((sheet, 1)), now=timezone.now())

    assert offer.reason == "Boulangerie Martin n’a plus de place pour d’autres commandes ces prochains jours."


def test_the_window_that_filled_meanwhile_is_refused_and_others_are_offered():
    make_counter()
    shop = make_shop("Boulangerie Martin", window_limit=1, lead_minutes=0)
    sheet = make_product(shop)
    client = Client()
    client.post(reverse("basket:add"), {"product": sheet.product_id, "quantity": "1"})
    window = windows.offers(fresh((sheet, 1)), now=timezone.now())[0].windows[0]
    contact = {"name": "Camille", "email": "camille@example.org", "phone": "", "window": window.key}
    review = client.post(reverse("checkout:choice"), contact, follow=True)
    fields = {"attempt": review.context["attempt"], "total": str(review.context["total"])}
    filled(shop, window, 1)
    before = rows()

    page = client.post(reverse("checkout:review"), fields, follow=True)

    assert rows() == before
    assert page.redirect_chain[-1][0] == reverse("checkout:choice")
    assert "Boulangerie Martin n’a plus de place à cette heure." in page.content.decode()
    assert page.context["offers"][0].windows[0].deposit_by == window.deposit_by + timedelta(minutes=30)


def test_refused_and_cancelled_orders_give_their_place_back():
    make_counter()
    sheet = make_product(make_shop(window_limit=1, lead_minutes=0))
    first = windows.offers(fresh((sheet, 1)), now=timezone.now())[0].windows[0]
    filled(sheet.shop, first, 1)
    ShopOrder.objects.get().move(ShopOrder.Status.CANCELLED)

    assert windows.offers(fresh((sheet, 1)), now=timezone.now())[0].windows[0] == first


@pytest.mark.parametrize(("limit", "queries"), [(None, 0), (3, 1)])
@pytest.mark.parametrize("shops", [1, 3])
def test_limits_cost_one_query_and_shops_without_none(django_assert_num_queries, limit, queries, shops):
    made = [make_shop(window_limit=limit) for _ in range(shops)]

    with django_assert_num_queries(queries):
        limits.full_times(made, after=timezone.now())
