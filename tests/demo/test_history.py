"""The weeks before the demonstration began: counted like real ones, the same each time, and not taken for records."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.demo import history
from pickup import kpi
from pickup.kpi import nightly
from pickup.models import BankDay, BankEvent, Collection, Refusal
from tests.pickup.makers import make_bank

pytestmark = pytest.mark.django_db
DOORS = ["S", "S", "S", "M", "M", "L", "S chilled", "M chilled"]


@pytest.fixture
def bank():
    return make_bank(*DOORS)


def days(bank) -> list[dict]:
    return list(BankDay.objects.filter(bank=bank).order_by("day").values())


def test_three_weeks_of_each_bank_end_before_what_the_night_counts_again(bank, time_machine):
    now = timezone.now()

    written = history.remember(now)

    found = [row["day"] for row in days(bank)]
    today = timezone.localtime(now).date()
    recounted = [today - timedelta(days=back) for back in range(1, nightly.RECOUNTED_DAYS + 1)]
    assert written == len(found) == history.DAYS
    assert found == [found[0] + timedelta(days=number) for number in range(history.DAYS)]
    assert found[-1] == min(recounted) - timedelta(days=1)


def test_the_figures_are_those_of_a_bank_that_is_used(bank):
    history.remember()

    figures = kpi.summary(kpi.latest(bank))
    assert figures.accepted > 30
    assert 0.5 < figures.share_of_bound <= 1
    assert 0.3 < figures.within_5h < figures.within_12h < figures.within_24h <= 1
    assert 0 < figures.no_shows < 0.3
    assert all(0 < each.used < 1 for each in figures.classes)
    assert 30 <= figures.visit_seconds <= 150


def test_no_day_has_more_hours_of_goods_than_of_doors_and_no_bound_is_passed(bank):
    history.remember()

    for row in BankDay.objects.all():
        assert all(each["occupied_h"] <= each["in_service_h"] + 0.01 for each in row.classes)
        assert row.period_accepted <= row.period_bound
        assert row.within_5h <= row.within_12h <= row.within_24h <= row.collected


def test_the_same_bank_has_the_same_past(bank):
    now = timezone.now()
    history.remember(now)
    first = days(bank)
    BankDay.objects.all().delete()

    history.remember(now)

    assert [row | {"id": 0} for row in days(bank)] == [row | {"id": 0} for row in first]


def test_it_is_told_once_and_never_over_counted_days(bank):
    nightly.count(bank, timezone.localdate() - timedelta(days=2), now=timezone.now())
    before = days(bank)

    written = history.remember()

    assert (written, days(bank)) == (0, before)


def test_nothing_but_figures_is_invented(bank):
    history.remember()

    assert not BankEvent.objects.exists()
    assert not Collection.objects.exists()
    assert not Refusal.objects.exists()
