"""Closing for some days: promises are looked at first, and nobody's order is forgotten or refused in silence."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from marketplace.checkout import placing
from marketplace.foundation.models import Message
from pickup import windows
from pickup.models import Collection, Parcel
from shops import hours
from shops.desk import closing
from shops.models import Closure, Payment, Refund, Shop, ShopOrder, ShopOrderLine
from tests.checkout.town import first_window, make_counter, place
from tests.factories import make_basket, make_product, make_shop, make_staff
from tests.pickup.makers import fresh
from tests.shops.at_the_desk import sign_in
from tests.shops.orders_of import paid_shop_order, pay
from tests.shops.orders_of import place as place_order

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
THURSDAY = datetime(2026, 9, 17, 9, tzinfo=PARIS)
FRIDAY, SATURDAY = date(2026, 9, 18), date(2026, 9, 19)
Status = ShopOrder.Status


@pytest.fixture(autouse=True)
def thursday(time_machine):
    time_machine.move_to(THURSDAY, tick=False)
    return time_machine


@pytest.fixture
def shop():
    return make_shop("Boulangerie Martin", opening_hours="Mo-Su 08:00-19:00", lead_minutes=60)


def due(sheet, moment: datetime, **fields) -> ShopOrder:
    """A paid order whose goods must be brought by `moment`."""
    return paid_shop_order(sheet, deposit_in=moment - timezone.now(), **fields)


def on(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), PARIS)


def days(first: date, last: date | None = None) -> dict:
    return {"first_on": first.isoformat(), "last_on": (last or first).isoformat()}


def told(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind))


def test_without_orders_a_closure_is_stored_at_once_and_the_shop_is_closed(shop, desk):
    desk("closures", data=days(FRIDAY, SATURDAY) | {"reason": "Mariage"})

    shop.refresh_from_db()
    assert [(row.first_on, row.last_on, row.reason) for row in shop.closures.all()] == [(FRIDAY, SATURDAY, "Mariage")]
    assert not hours.is_open(shop, on(FRIDAY, 10))
    assert hours.next_open(shop, on(FRIDAY, 10)) == on(date(2026, 9, 20), 8)


def test_an_order_in_the_closure_is_shown_first_and_nothing_is_stored(shop, desk):
    waiting = due(make_product(shop, "Tarte"), on(FRIDAY, 18, 30))

    page = desk("closures", data=days(FRIDAY))

    text = page.content.decode()
    assert (waiting.number in text, "2 × Tarte" in text) == (True, True)
    assert not shop.closures.exists()
    waiting.refresh_from_db()
    assert waiting.status == Status.AWAITING


@pytest.mark.parametrize(
    ("moment", "is_touched"),
    [
        (on(date(2026, 9, 17), 18), False),  # before it
        (on(FRIDAY, 9), True),
        (on(date(2026, 9, 20), 8, 30), True),  # not an hour after the shop has opened again
        (on(date(2026, 9, 20), 9), False),
    ],
)
def test_touched_is_what_cannot_be_prepared_between_the_closure_and_its_time(shop, moment, is_touched):
    shop_order = due(make_product(shop), moment)

    found = closing.touched_by(shop, Closure(first_on=FRIDAY, last_on=SATURDAY))

    assert found == ([shop_order] if is_touched else [])


def test_other_shops_ended_and_unpaid_orders_are_not_touched(shop):
    sheet = make_product(shop)
    due(make_product(make_shop()), on(FRIDAY, 18))
    place_order((sheet, 1), deposit_in=on(FRIDAY, 18) - timezone.now())
    ended = due(sheet, on(FRIDAY, 18))
    ended.move(Status.REFUSED)

    assert closing.touched_by(shop, Closure(first_on=FRIDAY, last_on=FRIDAY)) == []


def test_what_is_prepared_before_stays_and_what_is_refused_is_told_and_free_again(shop, desk):
    sheet = make_product(shop, "Tarte", stock=10)
    kept, refused = due(sheet, on(FRIDAY, 18)), due(sheet, on(FRIDAY, 18), quantity=3)

    desk("closures", data=days(FRIDAY) | {f"order_{kept.pk}": "keep", f"order_{refused.pk}": "refuse"})

    for row in (kept, refused, sheet.stock):
        row.refresh_from_db()
    assert shop.closures.count() == 1
    assert (kept.status, refused.status) == (Status.AWAITING, Status.REFUSED)
    assert [line.refusal for line in refused.lines.all()] == ["La boutique doit fermer"]
    assert sheet.stock.num_allocated == 2


def promised(shop) -> ShopOrder:
    """An order of the checkout, with its collection, paid."""
    make_counter()
    basket = make_basket((make_product(shop, "Tarte", price="4.00"), 2))
    order = place(basket, window=first_window(basket))
    order.payments.get().move(Payment.Status.SESSION_OPEN)
    pay(order)
    return order.shop_orders.get()


@pytest.mark.parametrize(
    ("accepted", "status", "outcome", "kind"),
    [
        (False, Status.REFUSED, ShopOrderLine.Outcome.CANCELLED, "line_refused"),
        (True, Status.MISSING, ShopOrderLine.Outcome.MISSING, "goods_missing"),
    ],
)
def test_a_promise_is_taken_back_the_resident_pays_nothing_and_reads_why(shop, accepted, status, outcome, kind):
    shop_order = promised(shop)
    if accepted:
        sign_in(shop, "manager")("accept", shop_order.pk, data={})
    day = timezone.localdate(shop_order.deposit_by)
    closure = Closure(first_on=day, last_on=day)

    closing.close(shop, closure, refused=[shop_order.pk], by=make_staff(shop))

    shop_order.refresh_from_db()
    assert (shop_order.status, {line.outcome for line in shop_order.lines.all()}) == (status, {outcome})
    assert Parcel.objects.get().status == Parcel.Status.WITHDRAWN
    assert Collection.objects.get().status == Collection.Status.RELEASED
    [message] = told(kind)
    assert "La boutique doit fermer" in message.text
    assert told("shop_missing") == []
    assert shop.closures.get() == closure


def test_a_debited_order_is_refunded_to_the_cent(shop):
    shop_order = due(make_product(shop, price="4.00"), on(FRIDAY, 18))
    desk = sign_in(shop, "owner")
    desk("accept", shop_order.pk, data={})
    payment = Payment.objects.get()
    payment.move(Payment.Status.CAPTURED, captured=payment.amount)

    closing.close(shop, Closure(first_on=FRIDAY, last_on=FRIDAY), refused=[shop_order.pk], by=make_staff(shop))

    assert [(each.amount, each.reason) for each in Refund.objects.all()] == [(800, Refund.Reason.STOCK)]
    assert Decimal(Refund.objects.get().amount) / 100 == shop_order.ordered_total


def test_packed_goods_are_not_refused_here(shop, desk):
    shop_order = due(make_product(shop), on(FRIDAY, 18))
    desk("accept", shop_order.pk, data={})
    desk("ready", shop_order.pk, data={"bags": "1"})

    page = desk("closures", data=days(FRIDAY) | {f"order_{shop_order.pk}": "refuse"})

    shop_order.refresh_from_db()
    assert (shop_order.status, shop.closures.count()) == (Status.READY, 0)
    assert "emballée" in page.content.decode()


def test_an_order_that_came_meanwhile_is_shown_before_anything_is_stored(shop, desk):
    sheet = make_product(shop)
    first = due(sheet, on(FRIDAY, 18))
    late = due(sheet, on(FRIDAY, 18))

    page = desk("closures", data=days(FRIDAY) | {f"order_{first.pk}": "refuse"})

    first.refresh_from_db()
    assert (first.status, shop.closures.count()) == (Status.AWAITING, 0)
    assert late.number in page.content.decode()


def test_another_shops_order_cannot_be_refused_through_the_form(shop, desk):
    theirs = due(make_product(make_shop()), on(FRIDAY, 18))

    desk("closures", data=days(FRIDAY) | {f"order_{theirs.pk}": "refuse"})

    theirs.refresh_from_db()
    assert theirs.status == Status.AWAITING


def test_a_closed_day_is_not_offered_to_residents_any_more(shop):
    counter, sheet = make_counter(), make_product(shop)
    Closure.objects.create(shop=shop, first_on=THURSDAY.date(), last_on=SATURDAY)

    [offer] = windows.offers(fresh((sheet, 1)), now=timezone.now())

    assert offer.point == counter
    assert offer.windows[0].starts_at >= on(date(2026, 9, 20), 9, 30)


def test_a_window_chosen_before_the_closure_is_refused_when_the_order_is_placed(shop):
    make_counter()
    basket = make_basket((make_product(shop), 1))
    window = first_window(basket)
    Closure.objects.create(shop=shop, first_on=THURSDAY.date(), last_on=SATURDAY)

    with pytest.raises(windows.errors.WindowClosed):
        place(basket, window=window)

    assert not ShopOrder.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"first_on": ""},
        days(FRIDAY, date(2026, 9, 17)),
        days(date(2026, 9, 1)),
        days(date(2036, 1, 1)),
        days(FRIDAY) | {"opens_at": "09:00"},
        days(FRIDAY) | {"opens_at": "12:00", "closes_at": "09:00"},
    ],
)
def test_days_that_make_no_sense_are_shown_again(shop, desk, fields):
    page = desk("closures", data=fields)

    assert page.context["form"].errors
    assert not shop.closures.exists()


def test_one_tap_closes_a_public_holiday_and_the_next_opens_it_again(shop, thursday):
    thursday.move_to(datetime(2026, 10, 20, 9, tzinfo=PARIS), tick=False)
    desk = sign_in(shop, "manager")
    page = desk("closures")
    [toussaint] = [each for each in page.context["holidays"] if each.day == date(2026, 11, 1)]
    assert (toussaint.closed, toussaint.planned) == (False, False)

    page = desk("closures", data={"first_on": "2026-11-01", "reason": toussaint.name})

    [toussaint] = [each for each in page.context["holidays"] if each.day == date(2026, 11, 1)]
    assert (toussaint.closed, toussaint.planned) == (True, True)
    desk("remove_closure", shop.closures.get().pk, data={})
    assert hours.is_open(Shop.objects.get(pk=shop.pk), datetime(2026, 11, 1, 10, tzinfo=PARIS))


def test_a_shop_that_is_closed_on_holidays_opens_one_with_one_tap(shop, desk):
    Shop.objects.filter(pk=shop.pk).update(opening_hours="Mo-Su 08:00-12:30,14:00-19:00; PH off")
    [armistice] = [each for each in desk("closures").context["holidays"] if each.day == date(2026, 11, 11)]
    assert (armistice.closed, armistice.opens_at, armistice.closes_at) == (True, time(8), time(12, 30))

    desk("closures", data={"first_on": "2026-11-11", "opens_at": "08:00", "closes_at": "12:30"})

    fresh_shop = Shop.objects.get(pk=shop.pk)
    moments = [datetime(2026, 11, 11, hour, tzinfo=PARIS) for hour in (7, 8, 12, 13)]
    assert [hours.is_open(fresh_shop, moment) for moment in moments] == [False, True, True, False]
    assert "11 novembre" in Client().get(shop.get_absolute_url()).content.decode()


def test_a_closure_wins_over_an_opening_and_the_form_says_so(shop, desk):
    Closure.objects.create(shop=shop, first_on=FRIDAY, last_on=SATURDAY)

    page = desk("closures", data=days(FRIDAY) | {"opens_at": "09:00", "closes_at": "12:00"})
    assert page.context["form"].errors["first_on"]
    Closure.objects.create(shop=shop, first_on=FRIDAY, last_on=FRIDAY, opens_at=time(9), closes_at=time(12))

    assert not hours.is_open(Shop.objects.get(pk=shop.pk), on(FRIDAY, 10))


def test_an_exceptional_evening_is_right_in_the_night_of_a_change_of_clocks(shop):
    Closure.objects.create(
        shop=shop, first_on=date(2026, 10, 25), last_on=date(2026, 10, 25), opens_at=time(1), closes_at=time(5)
    )

    [interval] = hours.opening_intervals(shop.opening_hours, date(2026, 10, 25), 1, shop.closures.all())

    assert interval.closes_at - interval.opens_at == timedelta(hours=5)


def test_overlapping_openings_are_one(shop):
    for opens, closes in ((9, 11), (10, 12), (14, 15)):
        Closure.objects.create(shop=shop, first_on=FRIDAY, last_on=FRIDAY, opens_at=time(opens), closes_at=time(closes))

    found = hours.opening_intervals(shop.opening_hours, FRIDAY, 1, shop.closures.all())

    assert [(each.opens_at, each.closes_at) for each in found] == [
        (on(FRIDAY, 9), on(FRIDAY, 12)),
        (on(FRIDAY, 14), on(FRIDAY, 15)),
    ]


def test_placing_knows_the_order_of_its_locks(shop, django_assert_num_queries):
    """The lock of the shops is one query, whatever the number of shops."""
    records = [make_product(each).stock_id for each in (shop, make_shop(), make_shop())]

    with django_assert_num_queries(1):
        placing.stock.lock_shops(records)
