"""Clocks that are wrong by a day, jump, say 1970 or go through a summer time (S14): goods stay reachable, service does not."""

from datetime import UTC, datetime, timedelta

import pytest

from pickup.controller.bank import Refused
from pickup.controller.clock import LOST_UNCERTAINTY, Clock

from .kit import (
    HOUR,
    START,
    Table,
    VirtualTicker,
    collect_pin,
    collect_token,
    deposit_pin,
    deposit_token,
    leg_entries,
    service_token,
)

DAY = timedelta(days=1)


def start_with(table, moment):
    """The power comes back and the system's clock says this."""
    table.ticker.offset = moment - START - timedelta(seconds=table.ticker.seconds)
    table.restart()


def why(table, code):
    with pytest.raises(Refused) as refused:
        table.bank.enter(code)
    return refused.value.why


@pytest.fixture
def ready(table):
    """Heard from the server; one leg lies in A1, sealed."""
    table.bank.clock.learn(START)
    table.bank.housekeeping.store_time()
    table.apply(*leg_entries())
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    table.driver.pulses.clear()
    return table


@pytest.mark.parametrize("moment", [START - DAY, START + DAY, START + 400 * DAY, datetime(1970, 1, 1, tzinfo=UTC)])
@pytest.mark.parametrize("code", [collect_pin(), collect_token()])
def test_goods_that_are_inside_can_be_taken_with_any_clock_and_service_cannot_enter(ready, moment, code):
    """S14."""
    start_with(ready, moment)

    service = why(ready, service_token())
    ready.wait(2)
    visit = ready.bank.enter(code)

    assert (service, visit.current.compartment) == ("clock_unsure", "A1")
    assert ready.pulses() == ["A1"]


@pytest.mark.parametrize("moment", [START - DAY, START - 400 * DAY, datetime(1970, 1, 1, tzinfo=UTC)])
def test_time_never_begins_before_the_last_trusted_one(ready, moment):
    ready.wait(HOUR, step=30)
    trusted = ready.bank.clock.now()

    start_with(ready, moment)

    assert trusted - timedelta(minutes=1) <= ready.bank.clock.now() <= trusted


def test_a_start_begins_with_what_the_bank_has_recorded_last(ready):
    ready.wait(HOUR + 50, step=10)
    ready.bank.enter(collect_pin())
    recorded = ready.bank.clock.now()

    start_with(ready, START - DAY)

    assert ready.bank.clock.now() == recorded


def test_a_clock_that_was_never_set_since_the_start_goes_on_from_the_last_trusted_moment(ready):
    start_with(ready, START - DAY)
    ready.wait(HOUR, step=30)
    ran_to = ready.bank.clock.now()

    start_with(ready, START - 2 * DAY)

    assert START + timedelta(minutes=59) <= ready.bank.clock.now() <= ran_to


def test_an_untrusted_date_is_not_kept_as_one_that_was_reached(ready):
    start_with(ready, START + DAY)
    ready.wait(HOUR, step=30)
    ready.bank.enter(collect_pin())

    start_with(ready, START - DAY)

    assert START + timedelta(minutes=59) <= ready.bank.clock.now() <= START + timedelta(minutes=61)


def test_a_right_that_began_on_a_wrong_date_does_not_last_until_then(ready):
    start_with(ready, START + DAY)
    collected(ready)

    start_with(ready, START - DAY)

    assert why(ready, collect_pin()) == "collected"
    assert ready.bank.legs.taken_compartments() == {}


@pytest.mark.parametrize(("off", "told"), [(timedelta(hours=20), -72_000_000), (timedelta(hours=-20), 72_000_000)])
def test_server_sets_the_clock_and_the_step_is_reported(table, off, told):
    start_with(table, START + off)

    table.bank.clock.learn(START)
    table.wait(1)

    assert table.events("clock.stepped") == [{"by_ms": told}]
    assert abs(table.bank.clock.now() - START) < timedelta(seconds=5)


def test_an_old_signed_time_is_not_believed(ready):
    ready.wait(HOUR, step=30)
    before = ready.bank.clock.now()

    ready.bank.clock.learn(START)

    assert ready.bank.clock.now() == before


def test_a_moment_of_delay_on_the_line_is_no_replay():
    ticker = VirtualTicker()
    clock = Clock(ticker, START)

    clock.learn(START - timedelta(seconds=1))

    assert clock.is_sure()
    assert clock.now() == START


def test_system_clock_that_jumps_while_the_bank_runs_changes_nothing(ready):
    before = ready.bank.clock.now()

    ready.ticker.offset = timedelta(days=-700)

    assert ready.bank.clock.now() == before
    assert ready.bank.clock.is_sure()


@pytest.mark.parametrize("night", [datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2027, 3, 28, 0, 30, tzinfo=UTC)])
def test_nights_of_summer_time_have_the_hours_that_pass(tmp_path, monkeypatch, night):
    monkeypatch.setenv("TZ", "Europe/Paris")
    table = Table(tmp_path)
    start_with(table, night)
    table.bank.clock.learn(night)
    token = deposit_token(nbf=table.now(), exp=table.now() + 2 * HOUR)

    table.wait(2 * HOUR - 60, step=30)
    inside = table.bank.enter(token)

    assert inside.current.compartment == "A1"
    assert table.bank.clock.now() - night == timedelta(seconds=2 * HOUR - 60)


def test_window_is_judged_with_two_minutes_before_and_none_after_when_the_clock_is_sure(table):
    table.bank.clock.learn(START)
    now = table.now()

    early = why(table, deposit_token(nbf=now + 121))
    table.wait(2)
    late = why(table, deposit_token(exp=now - 1))
    table.wait(2)
    visit = table.bank.enter(deposit_token(nbf=now + 120))

    assert (early, late) == ("not_yet", "expired")
    assert visit.current.compartment == "A1"


def test_deposit_is_refused_only_when_it_is_certainly_outside(table):
    """Not heard from the server since the start: the date may be wrong by a day."""
    now = table.now()

    certainly = why(table, deposit_token(exp=now - 25 * HOUR))
    table.wait(2)
    visit = table.bank.enter(deposit_token(exp=now - 23 * HOUR))

    assert certainly == "expired"
    assert visit.current.compartment == "A1"


def test_year_before_this_program_is_a_dead_battery(tmp_path):
    ticker = VirtualTicker()
    ticker.offset = datetime(1970, 1, 1, tzinfo=UTC) - START

    assert Clock(ticker).uncertainty() == LOST_UNCERTAINTY
    assert Clock(ticker).report().synced is False


def test_a_dead_battery_may_hide_days_without_power(table):
    """The bank goes on from the last trusted time and cannot know how long it was dark: it turns no shop away."""
    table.bank.clock.learn(START)
    table.bank.housekeeping.store_time()
    at = table.now() + 72 * HOUR
    start_with(table, datetime(1970, 1, 1, tzinfo=UTC))

    visit = table.bank.enter(deposit_token(nbf=at, exp=at + 2 * HOUR))

    assert visit.current.compartment == "A1"


@pytest.fixture
def food(table):
    """Chilled goods in C1, deposited with a sure clock, that may stay four hours."""
    table.bank.clock.learn(START)
    now = int(START.timestamp())
    table.apply(*leg_entries(temperature="chilled", hard_exp=now + 4 * HOUR))
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    table.bank.housekeeping.store_time()
    table.driver.pulses.clear()
    return table


@pytest.mark.parametrize("days", [-3, -1, 1, 3])
def test_food_is_judged_by_the_time_that_has_passed_when_the_date_is_wrong(food, days):
    food.wait(2 * HOUR, step=60)
    start_with(food, START + days * DAY)
    visit = food.bank.enter(collect_pin())
    food.bank.finish(visit.session)
    food.shut("C1")

    food.wait(2.2 * HOUR, step=60)

    assert food.pulses() == ["C1"]


@pytest.mark.parametrize("days", [-3, 3])
def test_food_whose_time_has_passed_stays_shut_whatever_the_date_says(food, days):
    food.wait(2 * HOUR, step=60)
    start_with(food, START + days * DAY)
    food.wait(2.3 * HOUR, step=60)

    assert why(food, collect_pin()) == "hard_exp"
    assert food.pulses() == []


def test_restart_forgets_a_minute_of_the_stay_at_most(food):
    food.wait(2 * HOUR + 50, step=10)
    before = food.bank.legs.seconds_left(food.bank.legs.find(71))

    food.restart()
    after = food.bank.legs.seconds_left(food.bank.legs.find(71))

    assert 0 <= after - before <= 60


def collected(table):
    """The resident takes what is behind the door at hand and goes."""
    visit = table.bank.enter(collect_pin())
    table.bank.claim(visit.session)
    table.shut("A1")
    table.bank.finish(visit.session)


@pytest.mark.parametrize("step", [DAY, -timedelta(minutes=1), timedelta(minutes=20)])
def test_a_step_of_the_clock_neither_ends_nor_lengthens_the_time_to_open_once_more(ready, step):
    collected(ready)
    ready.bank.clock.learn(ready.bank.clock.now() + step)

    ready.wait(14 * 60, step=30)
    reserved = ready.bank.legs.taken_compartments()
    again = ready.bank.enter(collect_pin())
    ready.bank.claim(again.session)
    ready.shut("A1")
    ready.bank.finish(again.session)
    ready.wait(16 * 60, step=30)

    assert (reserved, again.current) == ({"A1": 71}, None)
    assert ready.pulses() == ["A1", "A1"]
    assert why(ready, collect_pin()) == "collected"
    assert ready.bank.legs.taken_compartments() == {}


def test_a_step_of_the_clock_does_not_keep_a_shop_from_its_door(table):
    table.bank.clock.learn(START)
    table.apply(*leg_entries(shops=(10, 11)))
    visit = table.bank.enter(deposit_pin(10))
    table.bank.deposit(visit.session, "deposited")
    table.shut("A1")
    table.bank.finish(visit.session)
    table.bank.clock.learn(START + timedelta(hours=2))

    again = table.bank.enter(deposit_pin(10))
    table.wait(16 * 60, step=30)

    assert again.current.compartment == "A1"
    assert why(table, deposit_pin(10)) == "used"


def test_what_was_collected_before_a_restart_is_judged_by_its_date(ready):
    collected(ready)
    start_with(ready, START + timedelta(minutes=10))
    soon = ready.bank.legs.taken_compartments()

    ready.bank.clock.learn(START + timedelta(hours=5))

    assert (soon, ready.bank.legs.taken_compartments()) == ({"A1": 71}, {})
