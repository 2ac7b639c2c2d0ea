"""Days added up into the figures that operators read."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from pickup import kpi
from pickup.models import BankDay
from tests.pickup.makers import make_bank

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 9, 14)


def make_day(bank, number: int, **counts) -> BankDay:
    return BankDay.objects.create(bank=bank, day=MONDAY + timedelta(days=number), **counts)


def test_shares_are_made_from_the_sums_of_the_days():
    bank = make_bank("S")
    make_day(bank, 0, accepted=10, legs=8, upsized=1, collected=4, within_5h=4, openings=20, visit_seconds=30)
    make_day(bank, 1, accepted=30, legs=32, upsized=5, collected=16, within_5h=6, no_shows=5, visit_seconds=50)

    figures = kpi.summary(kpi.latest(bank))

    assert (figures.days, figures.accepted, figures.visit_seconds) == (2, 40, 50)
    assert figures.upsized == pytest.approx(6 / 40)
    assert figures.within_5h == pytest.approx(10 / 20)
    assert figures.no_shows == pytest.approx(5 / 25)
    assert figures.openings_failed == 0


def test_the_share_of_the_bound_is_that_of_the_newest_day():
    bank = make_bank("S")
    make_day(bank, 0, period_accepted=1, period_bound=Decimal("2"))
    make_day(bank, 1, period_accepted=97, period_bound=Decimal("100"))

    assert kpi.summary(kpi.latest(bank)).share_of_bound == pytest.approx(0.97)


def test_hours_of_a_class_add_up():
    bank = make_bank("S")
    for number, occupied in enumerate([6.0, 18.0]):
        entry = {"temperature": "ambient", "size": "S", "occupied_h": occupied, "in_service_h": 24.0}
        make_day(bank, number, classes=[entry])

    (use,) = kpi.summary(kpi.latest(bank)).classes

    assert (use.temperature, use.size, use.used) == ("ambient", "S", 0.5)


def test_what_never_happened_has_no_share():
    figures = kpi.summary(kpi.latest(make_bank("S")))

    assert (figures.days, figures.accepted) == (0, 0)
    assert {figures.share_of_bound, figures.displaced, figures.within_5h, figures.visit_seconds} == {None}


def test_the_newest_days_of_this_bank_come_first():
    bank, other = make_bank("S"), make_bank("S")
    rows = [make_day(bank, number) for number in range(3)]
    make_day(other, 5)

    assert kpi.latest(bank, 2) == [rows[2], rows[1]]
