"""The night's work on a bank's real rows."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from pickup import collections, errors, kpi, refusals, windows
from pickup.foresight import ENOUGH_STAYS, of_bank
from pickup.kpi import nightly
from pickup.models import Bank, BankDay, BankEvent, DwellCurve, Leg, Refusal
from tests.pickup.makers import first_window, fresh, in_40_minutes, make_bank, make_counter, make_sheet, ready, reserve
from tests.shops.orders_of import place

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
THURSDAY = datetime(2026, 9, 17, 12, tzinfo=PARIS)


@pytest.fixture
def thursday(time_machine):
    """Noon, and a way to let hours pass."""
    time_machine.move_to(THURSDAY, tick=False)

    def later(hours: float) -> datetime:
        time_machine.move_to(THURSDAY + timedelta(hours=hours), tick=False)
        return timezone.now()

    return later


def collect_all(collection) -> None:
    for leg in collection.legs.all():
        collections.collect(leg)


def test_a_day_is_counted_from_what_happened(thursday):
    bank, sheet, counter = make_bank("S", "M"), make_sheet(), make_counter()
    first = ready(bank.point, (sheet, 1))
    second = ready(bank.point, (sheet, 1))
    BankEvent.objects.create(
        bank=bank, generation=0, boot_id=1, seq=1, type="door.opened", at=timezone.now(), data={"outcome": "jammed"}
    )
    thursday(4)
    collect_all(first)
    day = nightly.count(bank, THURSDAY.date(), now=thursday(14))
    now = thursday(30)
    collections.move_to_counter(second.legs.get(), reason="cleared")
    next_day = nightly.count(bank, now.date(), now=now)

    assert (day.accepted, day.refused, day.legs, day.upsized) == (2, 0, 2, 1)
    assert (day.collected, day.within_5h, day.within_24h) == (1, 1, 1)
    assert (day.openings, day.openings_failed) == (1, 1)
    assert {(each["size"], each["occupied_h"], each["in_service_h"]) for each in day.classes} == {
        ("S", 4.0, 24.0),
        ("M", 12.0, 24.0),
    }
    assert (day.period_accepted, float(day.period_bound)) == (2, 2.0)
    assert (next_day.to_counter, next_day.collected) == (1, 0)
    assert counter.collections.count() == 1


def test_counted_again_it_is_the_same_row(thursday):
    bank, sheet = make_bank("S"), make_sheet()
    ready(bank.point, (sheet, 1))
    now = thursday(14)

    first = nightly.count(bank, THURSDAY.date(), now=now)
    again = nightly.count(bank, THURSDAY.date(), now=now)

    assert first.pk == again.pk
    assert BankDay.objects.values().get() == {
        **BankDay.objects.values().get(pk=first.pk),
        "accepted": 1,
        "period_accepted": 1,
    }


def test_who_was_refused_counts_in_the_bound_unless_he_ordered_there_all_the_same(thursday):
    bank, sheet = make_bank("S"), make_sheet()
    window = first_window(bank.point, (sheet, 1))
    lucky = ready(bank.point, (sheet, 1), window=window)
    for basket in (lucky.order.basket_id, 999_001, 999_002, 999_002):
        with pytest.raises(errors.NoRoom) as full:
            windows.claim(bank.point, window, windows.request_for(fresh((sheet, 1)), now=timezone.now()))
        refusals.keep([full.value.refusal], basket=basket, visitor="one")
    now = thursday(14)

    day = nightly.count(bank, THURSDAY.date(), now=now)

    assert Refusal.objects.count() == 3
    assert (day.accepted, day.refused) == (1, 2)
    assert (day.period_accepted, float(day.period_bound)) == (1, 1.0)


def test_a_bank_counts_on_collections_once_it_has_seen_enough(thursday):
    bank, sheet = make_bank("S"), make_sheet()
    collection = ready(bank.point, (sheet, 1))
    thursday(6)
    collect_all(collection)

    curve = nightly.learn(bank, now=thursday(14))

    assert curve.observed == 1
    assert of_bank(Bank.objects.get(pk=bank.pk)) is None
    DwellCurve.objects.update(observed=ENOUGH_STAYS)
    assert of_bank(Bank.objects.get(pk=bank.pk)).certainty == float(bank.certainty)
    Bank.objects.update(certainty=1)
    assert of_bank(Bank.objects.get(pk=bank.pk)) is None


def test_with_what_it_has_learnt_a_full_bank_takes_one_more(thursday):
    bank, sheet = make_bank("S"), make_sheet()
    tonight = first_window(bank.point, (sheet, 1))
    reserve(bank.point, (sheet, 1), window=tonight)
    order, in_two_days = (
        place((sheet, 1)),
        windows.Window(tonight.point_id, tonight.starts_at + timedelta(days=1), tonight.ends_at + timedelta(days=1)),
    )

    def try_it():
        return collections.reserve(order, window=in_two_days, goods=fresh((sheet, 1)), held_until=in_40_minutes())

    with pytest.raises(errors.NoRoom):
        try_it()
    assert Leg.objects.count() == 1
    rates = {"age": [0.3] * 11, "hour": [1.0] * 24, "weekday": [1.0] * 7, "temperature": [1.0] * 3}
    DwellCurve.objects.create(bank=bank, observed=ENOUGH_STAYS, rates=rates)
    assert try_it().status == "held"


def test_every_bank_has_its_last_days_counted(thursday):
    bank, other = make_bank("S"), make_bank("M")

    nightly.count_banks(thursday(14))

    for each in (bank, other):
        assert [str(row.day) for row in kpi.latest(each)] == ["2026-09-17", "2026-09-16", "2026-09-15"]
        assert DwellCurve.objects.get(bank=each).observed == 0
