"""The figures of a shop: counted in the town's days, beside the period before; searches without names."""

import csv
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from marketplace.search import index
from shops import figures, orders, tasks, unmet
from shops.figures import Period
from shops.models import Refund, ShopOrder, UnmetSearch
from tests.factories import make_product, make_shop
from tests.shops.orders_of import paid_shop_order

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
WEDNESDAY = date(2026, 9, 16)


def at(day: date, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(at(date(2026, 9, 18)), tick=False)
    return time_machine


def sold(sheet, paid_at: datetime, *, quantity: int = 1, accept: bool = True, packed_at=None, due=None) -> ShopOrder:
    """An order whose payment came at that moment."""
    order = paid_shop_order(sheet, quantity)
    if accept:
        orders.accept_all(order, by=None)
    due = due or paid_at + timedelta(hours=6)
    ShopOrder.objects.filter(pk=order.pk).update(paid_at=paid_at, deposit_by=due, ready_at=packed_at)
    order.refresh_from_db()
    return order


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        ("day", WEDNESDAY, WEDNESDAY, WEDNESDAY),
        ("week", WEDNESDAY, date(2026, 9, 14), date(2026, 9, 20)),
        ("week", date(2026, 9, 20), date(2026, 9, 14), date(2026, 9, 20)),
        ("month", WEDNESDAY, date(2026, 9, 1), date(2026, 9, 30)),
        ("month", date(2027, 2, 28), date(2027, 2, 1), date(2027, 2, 28)),
        ("month", date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_periods_are_whole_days_of_the_town(kind, day, first, last):
    period = Period.around(kind, day)

    assert (period.first, period.last) == (first, last)
    assert period.before.last == first - timedelta(days=1)
    assert period.after.first == last + timedelta(days=1)


def test_orders_turnover_and_refusals_stand_beside_those_before(shop):
    sheet = make_product(shop, price="4.00", stock=100)
    sold(sheet, at(WEDNESDAY), quantity=3)
    refused = paid_shop_order(sheet, 1)
    orders.refuse_all(refused, reason="", by=None)
    in_part = paid_shop_order(sheet, 2)
    orders.answer(in_part, accepted={in_part.lines.get().pk: 1}, by=None)
    ShopOrder.objects.filter(pk__in=[refused.pk, in_part.pk]).update(paid_at=at(WEDNESDAY, 9))
    sold(sheet, at(WEDNESDAY - timedelta(days=7)), quantity=1)
    sold(make_product(make_shop()), at(WEDNESDAY))

    this, before = figures.summaries(shop, Period.around("week", WEDNESDAY), now=timezone.now())

    assert (this.orders, this.turnover, this.refused, this.reduced) == (3, Decimal("16.00"), 1, 1)
    assert (before.orders, before.turnover, before.refused, before.reduced) == (1, Decimal("4.00"), 0, 0)


def test_money_given_back_is_counted_when_it_was_given(shop):
    order = sold(make_product(shop, price="4.00"), at(WEDNESDAY))
    payment = order.order.payments.get()
    fields = {"payment": payment, "shop_order": order, "reason": "quality", "bearer": "shop"}
    Refund.objects.create(amount=150, created_at=at(WEDNESDAY), **fields)
    Refund.objects.create(amount=100, created_at=at(WEDNESDAY - timedelta(days=7)), **fields)

    this, before = figures.summaries(shop, Period.around("week", WEDNESDAY), now=timezone.now())

    assert (this.refunded, before.refunded) == (Decimal("1.50"), Decimal("1.00"))


def test_a_promise_is_kept_when_the_order_is_packed_by_its_time(shop):
    sheet = make_product(shop, stock=100)
    due = at(WEDNESDAY, 18)
    for packed_at in (due, due - timedelta(hours=1), due + timedelta(minutes=1), None):
        sold(sheet, at(WEDNESDAY), packed_at=packed_at, due=due)
    sold(sheet, at(WEDNESDAY), due=timezone.now() + timedelta(hours=1))  # its time has not come

    this, before = figures.summaries(shop, Period.around("week", WEDNESDAY), now=timezone.now())

    assert (this.promised, this.kept, this.kept_share, before.kept_share) == (4, 2, 50, None)


@pytest.mark.parametrize(
    ("paid_at", "day"),
    [
        (at(date(2026, 10, 25), 0, 0), date(2026, 10, 25)),
        (at(date(2026, 10, 25), 23, 59), date(2026, 10, 25)),  # the day has 25 hours
        (at(date(2026, 3, 29), 23, 59), date(2026, 3, 29)),  # the day has 23
        (at(date(2026, 3, 30), 0, 0), date(2026, 3, 30)),
    ],
)
def test_days_begin_and_end_at_midnight_in_the_town(shop, paid_at, day):
    sold(make_product(shop), paid_at)

    counted = [
        figures.summaries(shop, Period.around("day", each), now=timezone.now())[0].orders
        for each in (day - timedelta(days=1), day, day + timedelta(days=1))
    ]
    course = {place: number for place, number, _euros in figures.course(shop, Period.around("week", day))}

    assert counted == [0, 1, 0]
    assert [number for number in course.values() if number] == [course[day]] == [1]


def test_both_hours_at_two_of_a_change_of_clocks_are_counted(shop):
    sheet = make_product(shop)
    for fold in (0, 1):
        sold(sheet, datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=fold))

    course = figures.course(shop, Period.around("day", date(2026, 10, 25)))

    assert [(place, number) for place, number, _euros in course if number] == [(2, 2)]


def test_what_sold_most_comes_first_and_what_was_not_given_does_not_count(shop):
    bread, tart = make_product(shop, "Pain", stock=50), make_product(shop, "Tarte", stock=50)
    sold(tart, at(WEDNESDAY), quantity=2)
    sold(bread, at(WEDNESDAY), quantity=3)
    sold(bread, at(WEDNESDAY), quantity=4)
    refused = paid_shop_order(tart, 9)
    orders.refuse_all(refused, reason="", by=None)
    ShopOrder.objects.filter(pk=refused.pk).update(paid_at=at(WEDNESDAY))

    assert figures.best_sold(shop, Period.around("week", WEDNESDAY)) == [("Pain", 7), ("Tarte", 2)]


@pytest.mark.parametrize("number", [1, 3])
def test_the_figures_are_read_in_five_queries_whatever_was_sold(shop, django_assert_num_queries, number):
    for _ in range(number):
        sold(make_product(shop), at(WEDNESDAY))
    period = Period.around("week", WEDNESDAY)

    with django_assert_num_queries(5):
        figures.summaries(shop, period, now=timezone.now())
        figures.course(shop, period)
        figures.best_sold(shop, period)


def test_the_page_draws_and_prints_the_same_numbers(shop, desk):
    sold(make_product(shop, "Pain", price="4.00"), at(WEDNESDAY))

    page = desk("figures", periode="semaine", le="2026-09-16")

    text = page.content.decode()
    assert ('<svg class="plot"' in text, "Pain" in text, "4,00" in text) == (True, True, True)
    assert ("style=" in text, "<script>" in text) == (False, False)
    assert [number for _place, number, _euros in page.context["course"]] == [0, 0, 1, 0, 0, 0, 0]


@pytest.mark.parametrize(
    "query", [{"periode": "x"}, {"le": "x"}, {"le": "9999-12-31"}, {"le": "0001-01-01"}, {"le": "2026-02-30"}]
)
@pytest.mark.parametrize("word", ["jour", "semaine", "mois"])
def test_days_that_make_no_sense_show_figures_all_the_same(desk, query, word):
    assert desk("figures", **({"periode": word} | query)).status_code == 200


def test_the_file_holds_the_same_and_no_formula(shop, desk):
    sold(make_product(shop, "=HYPERLINK(1)", price="4.00"), at(WEDNESDAY))

    answer = desk("figures", periode="semaine", le="2026-09-16", fichier="1")

    text = answer.getvalue().decode()
    rows = list(csv.reader(StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert text.startswith("\ufeff")
    assert ["Commandes", "1", "0"] in rows
    assert ["2026-09-16", "1", "4,00"] in rows
    assert ["'=HYPERLINK(1)", "1"] in rows
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


def visitor(number: int) -> Client:
    return Client(REMOTE_ADDR=f"192.0.2.{number}")


def search(words: str, *, by: int) -> None:
    assert visitor(by).get("/recherche/", {"q": words}).status_code == 200


def wanted() -> list:
    today = timezone.localdate()
    return unmet.wanted(first=today, last=today)


def test_what_three_people_looked_for_in_vain_is_shown_once_for_all_spellings(desk):
    for number, words in enumerate(["Épinards", "epinards", "ÉPINARDS"], start=1):
        search(words, by=number)

    assert wanted() == [("épinards", 3)]
    assert "épinards" in desk("figures").content.decode()


def test_what_two_looked_for_and_what_one_looked_for_thrice_is_not(desk):
    search("épinards", by=1)
    search("épinards", by=2)
    for _ in range(3):
        search("gingembre", by=1)

    assert wanted() == []
    assert "gingembre" not in desk("figures").content.decode()


def test_what_is_found_is_not_counted(shop):
    make_product(shop, "Épinards frais")
    index.rebuild()
    for number in range(3):
        search("épinards", by=number)

    assert not UnmetSearch.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        "camille@example.org",
        "06 12 34 56 78",
        "12 rue des lilas",
        "<b>",
        "a",
        "x" * 41,
        "un deux trois quatre cinq",
        "4006381333931",
    ],
)
def test_nothing_that_could_be_about_a_person_is_kept(words):
    for number in range(3):
        search(words, by=number)

    assert not UnmetSearch.objects.exists()


def test_nothing_of_the_visitor_is_stored():
    search("épinards", by=77)

    assert list(UnmetSearch.objects.values("key", "words", "times")) == [
        {"key": "epinards", "words": "épinards", "times": 1}
    ]
    assert cache.get("192.0.2.77") is None


def test_searches_are_forgotten_after_ninety_days(noon):
    search("épinards", by=1)
    noon.shift(timedelta(days=90))
    tasks.forget_searches()
    assert UnmetSearch.objects.exists()

    noon.shift(timedelta(days=1))
    tasks.forget_searches()

    assert not UnmetSearch.objects.exists()


def test_the_address_of_the_search_is_the_one_used_here():
    assert reverse("search") == "/recherche/"
