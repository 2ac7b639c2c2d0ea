"""Opening hours: evaluation, holidays, closures, lead times, the weekly editor's two directions."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shops import hours
from shops.models import Closure
from tests.factories import make_shop

WEEK = "Tu-Sa 09:00-12:30,14:00-19:00; PH off"
PARIS = ZoneInfo("Europe/Paris")


def paris(day: int, hour: int, minute: int = 0, *, month: int = 11, year: int = 2026) -> datetime:
    """A moment of the town; Tuesday 24 November 2026 unless told otherwise."""
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


@pytest.fixture
def shop(db):
    return make_shop(opening_hours=WEEK)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (paris(24, 9), True),
        (paris(24, 12, 30), False),
        (paris(24, 18, 59), True),
        (paris(23, 10), False),  # Monday
        (paris(11, 10), False),  # Armistice, a Wednesday
    ],
)
def test_open_by_weekday_hour_and_holiday(moment, expected):
    assert hours.is_open(WEEK, moment) is expected


def test_without_a_holiday_rule_a_holiday_is_like_any_day():
    assert hours.is_open("Mo-Sa 09:00-19:00", paris(11, 10))


def test_holidays_may_have_hours_of_their_own():
    osm = "Mo-Sa 09:00-19:00; Su,PH 09:00-12:00"

    assert [hours.is_open(osm, paris(11, hour)) for hour in (10, 15)] == [True, False]
    assert [hours.is_open(osm, paris(22, hour)) for hour in (10, 15)] == [True, False]


def test_alsace_has_its_own_holidays(settings):
    assert hours.is_open("Mo-Sa 09:00-19:00; PH off", paris(26, 10, month=12))

    settings.HOLIDAY_SUBDIVISION = "57"

    assert not hours.is_open("Mo-Sa 09:00-19:00; PH off", paris(26, 10, month=12))


def test_a_closure_closes_both_its_days(shop):
    Closure.objects.create(shop=shop, first_on=date(2026, 11, 24), last_on=date(2026, 11, 25))

    assert [hours.is_open(shop, paris(day, 10)) for day in (24, 25, 26)] == [False, False, True]
    assert hours.next_open(shop, paris(24, 8)) == paris(26, 9)


def test_a_late_evening_runs_past_midnight():
    assert hours.is_open("Fr 20:00-02:00", paris(28, 1))
    assert not hours.is_open("Fr 20:00-02:00", paris(28, 2))


def test_the_clock_change_moves_no_opening():
    day = date(2026, 10, 25)

    assert hours.opening_intervals("Su 00:00-24:00", day, 1) == [
        (datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC))
    ]


def test_a_shop_that_never_opens_has_no_next_opening():
    assert hours.next_open("off", paris(24, 10)) is None
    assert hours.add_open_minutes("off", paris(24, 10), 5) is None


@pytest.mark.parametrize(
    ("ordered", "lead_minutes", "ready"),
    [
        (paris(24, 9, 30), 60, paris(24, 10, 30)),
        (paris(24, 12, 15), 60, paris(24, 14, 45)),  # over the lunch break
        (paris(24, 18, 30), 60, paris(25, 9, 30)),  # over night
        (paris(28, 18, 30), 60, paris(1, 9, 30, month=12)),  # over Sunday and Monday
        (paris(24, 21), 0, paris(25, 9)),
        (paris(24, 10), 2 * 24 * 60, paris(26, 10)),  # "48 hours" are two days, not 48 hours of opening
        (
            paris(27, 10),
            2 * 24 * 60,
            paris(1, 9, month=12),
        ),  # … and at the next opening when that falls on a closed day
    ],
)
def test_preparation_counts_while_the_shop_is_open(shop, ordered, lead_minutes, ready):
    assert hours.ready_at(shop, ordered, lead_minutes) == ready


def test_a_pause_ends_by_itself(shop):
    shop.paused_until = paris(24, 11)

    assert [hours.is_paused(shop, paris(24, 10, 59)), hours.is_paused(shop, paris(24, 11))] == [True, False]


@pytest.mark.parametrize(
    ("begin", "minutes", "end"),
    [
        (paris(24, 10), 15, paris(24, 10, 15)),
        (paris(24, 23, 50), 60, paris(25, 0, 50)),
        (paris(24, 10), None, paris(25, 0)),
        (paris(24, 0), None, paris(25, 0)),
        (paris(25, 1, month=10), None, paris(26, 0, month=10)),  # a day of 25 hours
        (paris(28, 12, month=3), None, paris(29, 0, month=3)),
        (paris(29, 1, month=3), None, paris(30, 0, month=3)),  # a day of 23 hours
    ],
)
def test_a_pause_lasts_minutes_or_until_midnight_of_the_town(begin, minutes, end):
    assert hours.end_of_pause(begin, minutes) == end


def test_unreadable_hours_are_refused_with_an_example():
    for nonsense in ("", "garbage", "Mo 25:00-26:00", "Mo-Fr 09:00-19:00; PH whenever", "\x00", "Mo" * 300):
        with pytest.raises(hours.UnreadableHours, match="Tu-Sa"):
            hours.check(nonsense)
            raise AssertionError(nonsense)


def test_a_week_is_read_as_ranges_per_day():
    week = hours.parse_week(WEEK)

    assert week["Mo"] == []
    assert week["Tu"] == week["Sa"] == [(time(9), time(12, 30)), (time(14), time(19))]


def test_seasons_do_not_fit_a_week():
    assert hours.is_weekly(WEEK)
    assert hours.is_weekly("24/7")
    assert not hours.is_weekly("Mo-Fr 09:00-19:00; Jul-Aug Sa 09:00-12:00")
    assert hours.is_weekly("Mo-Sa 09:00-19:00; PH 09:00-12:00")
    assert not hours.is_weekly("Mo-Sa 09:00-19:00; PH Jul 09:00-12:00")


moments = st.lists(st.integers(0, 95), min_size=4, max_size=4, unique=True).map(sorted)


def clock(quarter: int) -> time:
    return (datetime(2024, 1, 1) + timedelta(minutes=15 * quarter)).time()


@given(
    days=st.lists(st.one_of(st.none(), moments), min_size=7, max_size=7),
    pairs=st.integers(1, 2),
    closed_on_holidays=st.booleans(),
)
def test_every_week_written_is_read_back(days, pairs, closed_on_holidays):
    week = {
        name: [(clock(day[2 * n]), clock(day[2 * n + 1])) for n in range(pairs)] if day else []
        for name, day in zip(hours.DAYS, days, strict=True)
    }

    osm = hours.format_week(week, closed_on_holidays=closed_on_holidays)

    assert hours.parse_week(osm) == week
    assert hours.is_weekly(osm)
