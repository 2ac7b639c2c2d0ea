"""Offered times: what shops, lockers, counters and goods allow, and the sentence when they do not."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from pickup import capacity, errors, windows
from pickup.models import Refusal
from pickup.windows import Window
from tests.factories import make_shop
from tests.pickup.makers import (
    confirmed,
    first_window,
    fresh,
    make_bank,
    make_counter,
    make_point,
    make_sheet,
    ready,
    reserve,
)

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
THURSDAY_NOON = datetime(2026, 9, 17, 12, tzinfo=PARIS)


@pytest.fixture
def noon(time_machine):
    time_machine.move_to(THURSDAY_NOON, tick=False)


def offer_at(point, *wanted, **fields):
    found = windows.offers(fresh(*wanted), now=timezone.now(), **fields)
    return next(offer for offer in found if offer.point == point)


def local(window: Window) -> tuple[str, str]:
    return tuple(f"{moment.astimezone(PARIS):%d %H:%M}" for moment in (window.starts_at, window.ends_at))


def test_a_locker_is_offered_on_three_evenings_until_the_next_day(noon):
    bank, sheet = make_bank("S"), make_sheet()

    offer = offer_at(bank.point, (sheet, 1))

    assert [local(window) for window in offer.windows] == [
        ("17 19:00", "18 19:00"),
        ("18 19:00", "19 19:00"),
        ("19 19:00", "20 19:00"),
    ]
    assert offer.reason == ""


def test_chilled_goods_leave_by_ten_in_the_morning(noon):
    bank, sheet = make_bank("S chilled"), make_sheet(temperature="chilled")

    assert local(offer_at(bank.point, (sheet, 1)).windows[0]) == ("17 19:00", "18 10:00")


def test_goods_that_may_not_stay_long_end_sooner(noon):
    bank, sheet = make_bank("S"), make_sheet(max_dwell_hours=5)

    assert local(offer_at(bank.point, (sheet, 1)).windows[0]) == ("17 19:00", "18 00:00")


def test_perishable_goods_without_cold_end_late_next_morning_unless_their_shop_knows_better(noon):
    bank = make_bank("S", "S chilled")
    bread, cake = make_sheet(withdrawal="perishable"), make_sheet(withdrawal="perishable", max_dwell_hours=24)
    cheese = make_sheet(withdrawal="perishable", temperature="chilled")

    assert local(offer_at(bank.point, (bread, 1)).windows[0]) == ("17 19:00", "18 11:00")
    assert local(offer_at(bank.point, (cake, 1)).windows[0]) == ("17 19:00", "18 19:00")
    assert local(offer_at(bank.point, (cheese, 1)).windows[0]) == ("17 19:00", "18 10:00")


def test_the_slowest_shop_decides_when_a_window_begins(noon):
    bank, quick = make_bank("S"), make_sheet()
    slow = make_sheet(shop=make_shop(opening_hours="Mo-Su 09:00-20:00", lead_minutes=430))  # ready at 19:10

    assert local(offer_at(bank.point, (quick, 1), (slow, 1)).windows[0]) == ("17 20:00", "18 19:00")


def test_a_shop_that_is_closed_today_moves_the_order_to_tomorrow(noon):
    bank = make_bank("S")
    sheet = make_sheet(shop=make_shop(opening_hours="Fr 09:00-12:00", lead_minutes=60))

    assert local(offer_at(bank.point, (sheet, 1)).windows[0]) == ("18 19:00", "19 19:00")


def test_a_counter_is_offered_in_its_opening_hours(noon):
    counter = make_counter(opening_hours="Th-Sa 10:00-12:30,14:00-18:00")
    sheet = make_sheet()

    assert [local(window) for window in offer_at(counter, (sheet, 1)).windows] == [
        ("17 14:00", "17 18:00"),
        ("18 10:00", "18 12:30"),
        ("18 14:00", "18 18:00"),
        ("19 10:00", "19 12:30"),
        ("19 14:00", "19 18:00"),
    ]


def test_a_full_bank_says_so_and_the_others_are_still_offered(noon):
    full, other, counter = make_bank("S"), make_bank("M"), make_counter()
    sheet = make_sheet()
    while free := offer_at(full.point, (sheet, 1)).windows:
        confirmed(full.point, (sheet, 1), window=free[0])

    with translation.override("en"):
        found = windows.offers(fresh((sheet, 1)), now=timezone.now())

    assert {offer.point: bool(offer.windows) for offer in found} == {
        full.point: False,
        other.point: True,
        counter: True,
    }
    assert found[-1].reason == "No compartment large enough is free on the next evenings. Please choose another place."


def test_a_bank_that_fills_offers_the_evening_until_the_morning_rather_than_not_at_all(noon):
    bank, sheet = make_bank(*["S"] * 8), make_sheet()
    tonight = offer_at(bank.point, (sheet, 1)).windows[0]
    for _ in range(6):
        reserve(bank.point, (sheet, 1), window=tonight)

    offered = offer_at(bank.point, (sheet, 1)).windows[0]

    assert local(tonight) == ("17 19:00", "18 19:00")
    assert local(offered) == ("17 19:00", "18 10:00")
    with pytest.raises(errors.NoRoom):
        reserve(bank.point, (sheet, 1), window=tonight)
    assert reserve(bank.point, (sheet, 1), window=offered).ends_at == offered.ends_at


def test_when_the_next_evenings_are_full_later_ones_are_offered(noon):
    bank, sheet = make_bank("S"), make_sheet()
    confirmed(bank.point, (sheet, 1), window=offer_at(bank.point, (sheet, 1)).windows[0])

    assert [local(window)[0] for window in offer_at(bank.point, (sheet, 1)).windows] == [
        "19 19:00",
        "20 19:00",
        "21 19:00",
    ]


@pytest.mark.parametrize(
    ("doors", "goods", "code"),
    [
        (["S"], {"volume_l": "20.00"}, "too_large"),
        (["S", "M frozen"], {"volume_l": "40.00", "temperature": "frozen"}, "too_large"),
        (["S"], {"temperature": "chilled"}, "too_large"),
    ],
)
def test_what_fits_no_door_is_refused_before_it_is_offered(noon, doors, goods, code):
    bank, sheet = make_bank(*doors), make_sheet(**goods)

    offer = offer_at(bank.point, (sheet, 1))

    assert offer.windows == []
    assert (offer.refusal.code, offer.refusal.legs) == (code, [[sheet.temperature, offer.refusal.legs[0][1]]])
    assert Refusal.objects.count() == 0


def test_a_temperature_out_of_service_is_named(noon):
    bank, sheet = make_bank("S chilled"), make_sheet(temperature="chilled")
    bank.zones.update(in_service=False)
    capacity.recount(bank)

    with translation.override("en"):
        offer = offer_at(bank.point, (sheet, 1))

    assert (offer.windows, offer.refusal.code) == ([], "zone_out")
    assert offer.reason == "The chilled compartments of this locker bank are out of service at the moment."


def test_age_restricted_goods_are_offered_at_counters_only(noon):
    bank, counter, wine = make_bank("S"), make_counter(), make_sheet(min_age=18)

    with translation.override("en"):
        assert "18" in offer_at(bank.point, (wine, 1)).reason
    assert offer_at(counter, (wine, 1)).windows


def test_a_bank_that_lacks_the_temperature_names_it(noon):
    bank, sheet = make_bank("S"), make_sheet(temperature="frozen")

    with translation.override("en"):
        assert offer_at(bank.point, (sheet, 1)).reason == (
            "This locker bank has no frozen compartment that is large enough."
        )


@pytest.mark.parametrize(("silence", "first"), [(timedelta(minutes=4), "17 19:00"), (timedelta(hours=1), "18 19:00")])
def test_a_bank_that_went_silent_is_trusted_for_tomorrow_only(noon, silence, first):
    bank, sheet = make_bank("S", heard=silence), make_sheet()

    assert local(offer_at(bank.point, (sheet, 1)).windows[0])[0] == first


@pytest.mark.parametrize("silence", [timedelta(hours=24), None])
def test_a_bank_that_is_not_heard_for_a_day_is_not_offered(noon, silence):
    bank, sheet = make_bank("S", heard=silence), make_sheet()

    offer = offer_at(bank.point, (sheet, 1))

    assert (offer.windows, bool(offer.reason)) == ([], True)


def test_a_closed_shop_is_named(noon):
    bank = make_bank("S")
    sheet = make_sheet(shop=make_shop("Librairie du Pont", opening_hours="off"))

    with translation.override("en"):
        assert offer_at(bank.point, (sheet, 1)).reason == "Librairie du Pont is closed for a long time."


def test_a_key_gives_its_window_back_and_nonsense_is_refused():
    window = Window(7, THURSDAY_NOON, THURSDAY_NOON + timedelta(hours=3))

    assert Window.parse(window.key) == window
    for nonsense in ("", "7", "a-b-c", "1-2-3-4", "7-1-99999999999999999999"):
        with pytest.raises(errors.WindowClosed):
            Window.parse(nonsense)


def test_a_window_that_nobody_offered_is_refused(noon):
    bank, sheet = make_bank("S"), make_sheet()
    offered = first_window(bank.point, (sheet, 1))
    longer = Window(offered.point_id, offered.starts_at, offered.ends_at + timedelta(days=7))
    sooner = Window(offered.point_id, offered.starts_at - timedelta(hours=5), offered.ends_at)

    for forged in (longer, sooner, Window(0, offered.starts_at, offered.ends_at)):
        with pytest.raises(errors.WindowClosed):
            reserve(bank.point, (sheet, 1), window=forged)


def test_an_offer_outlives_the_half_hour_in_which_it_was_read(time_machine):
    time_machine.move_to(THURSDAY_NOON.replace(hour=18, minute=50))
    bank, sheet = make_bank("S"), make_sheet()
    window = first_window(bank.point, (sheet, 1))  # from 19:30

    time_machine.move_to(THURSDAY_NOON.replace(hour=19, minute=10))

    assert reserve(bank.point, (sheet, 1), window=window).starts_at == window.starts_at
    time_machine.move_to(THURSDAY_NOON.replace(hour=20, minute=10))
    with pytest.raises(errors.WindowClosed):
        reserve(bank.point, (sheet, 1), window=window)


@pytest.mark.parametrize("many", [1, 3])
def test_offers_read_the_same_few_queries_for_any_number_of_points_and_orders(noon, django_assert_num_queries, many):
    sheet, bank = make_sheet(), make_bank(*["S"] * 8)
    for _ in range(many):
        make_bank("M")
        make_counter(host_shop=make_shop(), window_capacity=many + 1)
        ready(bank.point, (sheet, 1))
    goods = fresh((sheet, 1))

    with django_assert_num_queries(6):
        windows.offers(goods, now=timezone.now())


def test_an_inactive_point_is_not_offered(noon):
    sheet = make_sheet()
    make_point("counter", is_active=False)

    assert windows.offers(fresh((sheet, 1)), now=timezone.now()) == []
