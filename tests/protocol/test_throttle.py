"""Wrong PINs: delays, alarm, closing of the keypad; the QR code stays open (S16)."""

from datetime import timedelta

import pytest

from pickup.controller import snapshots
from pickup.controller.bank import Refused
from pickup.controller.throttle import delay_after

from .kit import collect_pin, collect_token, deposit_pin, leg_entries

WRONG = "13572468"


def try_pin(table, pin=WRONG):
    """Enter a PIN that is refused, and say why."""
    with pytest.raises(Refused) as refused:
        table.bank.enter(pin)
    return refused.value


def wait_and_try(table, times):
    """Enter a wrong PIN so many times, each as early as the keypad listens."""
    for _ in range(times):
        waiting = table.bank.throttle.waiting()
        if waiting:
            table.wait(waiting.seconds, step=10)
        assert try_pin(table).why == "unknown"


@pytest.fixture
def ready(table):
    """One leg lies in A1, sealed."""
    table.apply(*leg_entries())
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    return table


def test_delays_grow_to_five_minutes():
    assert [delay_after(count) for count in range(1, 9)] == [0, 0, 30, 60, 120, 300, 300, 300]


def test_right_pin_is_not_even_looked_at_during_the_delay(ready):
    wait_and_try(ready, 3)
    before = ready.pulses()

    refused = try_pin(ready, collect_pin())

    assert (refused.why, refused.seconds) == ("waiting", 30)
    assert ready.pulses() == before
    ready.wait(31)
    assert ready.bank.enter(collect_pin()).current.compartment == "A1"


def test_delay_survives_a_restart(ready):
    wait_and_try(ready, 4)

    ready.restart()

    assert try_pin(ready, collect_pin()).why == "waiting"
    assert ready.bank.throttle.waiting().seconds == 60


def test_tenth_wrong_pin_of_an_hour_raises_the_alarm_once(ready):
    wait_and_try(ready, 11)

    assert [data["why"] for data in ready.events("alert")] == ["wrong_pins"]


def test_thirty_wrong_pins_close_the_keypad_but_not_the_reader(ready):
    wait_and_try(ready, 30)
    before = ready.pulses()
    ready.wait(600, step=30)

    ready.restart()
    refused = try_pin(ready, collect_pin())

    assert (refused.why, refused.seconds) == ("channel_closed", None)
    assert snapshots.take(ready.bank).pin_channel == "closed"
    assert ready.pulses() == before
    assert ready.events("lockout.started")[-1] == {"seconds": None, "wrong_24h": 30}
    assert ready.bank.enter(collect_token()).current.compartment == "A1"


def test_keypad_opens_again_when_the_day_is_over(ready):
    wait_and_try(ready, 30)
    ready.wait(24 * 3600, step=600)

    visit = ready.bank.enter(collect_pin())

    assert visit.current.compartment == "A1"
    assert ready.events("lockout.ended") != []


def test_success_ends_the_delay_but_not_the_count_of_the_day(ready):
    wait_and_try(ready, 5)
    ready.wait(121, step=1)
    visit = ready.bank.enter(collect_pin())
    ready.bank.finish(visit.session)

    try_pin(ready)

    assert ready.bank.throttle.waiting() is None
    wait_and_try(ready, 24)
    assert try_pin(ready).why == "channel_closed"


def test_half_an_hour_of_quiet_ends_the_delays(ready):
    wait_and_try(ready, 5)
    ready.wait(31 * 60, step=30)

    try_pin(ready)

    assert ready.bank.throttle.waiting() is None


def test_known_codes_that_open_nothing_now_are_not_wrong(table):
    table.apply(*leg_entries())

    for _ in range(5):
        assert try_pin(table, collect_pin()).why == "not_ready"

    assert table.bank.throttle.waiting() is None


def test_scanner_takes_one_code_a_second(ready):
    ready.bank.finish(ready.bank.enter(collect_token()).session)
    before = ready.pulses()

    refused = try_pin(ready, collect_token())

    assert refused.why == "waiting"
    assert ready.pulses() == before


def test_one_door_opens_for_people_eight_times_in_ten_minutes(ready):
    visit = ready.bank.enter(collect_pin())
    whys = []
    for _ in range(10):
        ready.shut("A1")
        try:
            ready.bank.reopen(visit.session)
        except Refused as refused:
            whys.append(refused.why)

    assert set(whys) == {"budget"}
    assert ready.pulses() == ["A1"] * 8


@pytest.mark.parametrize("days", [-2, -1, 1, 2])
def test_setting_the_clock_neither_ends_nor_prolongs_a_delay(ready, days):
    ready.bank.clock.learn(ready.ticker.wall())
    wait_and_try(ready, 4)
    ready.ticker.offset = timedelta(days=days)

    ready.restart()

    assert ready.bank.throttle.waiting().seconds == 60
    ready.wait(61)
    assert ready.bank.throttle.waiting() is None


def test_pulling_the_plug_gains_no_tries(ready):
    for _ in range(60):
        if ready.bank.throttle.waiting() is None:
            try_pin(ready)
        ready.restart()

    assert ready.journal.db.execute("SELECT COUNT(*) FROM wrong_pins").fetchone()[0] == 3


def test_no_twenty_four_hours_hold_more_than_thirty_wrong_pins(ready):
    tried = []
    for _ in range(3 * 24 * 12):
        if ready.bank.throttle.waiting() is None:
            try_pin(ready)
            tried.append(ready.ticker.seconds)
        ready.wait(300, step=300)

    assert max(sum(start <= moment < start + 24 * 3600 for moment in tried) for start in tried) == 30


def test_reader_is_free_however_many_pins_were_wrong(ready):
    wait_and_try(ready, 30)

    assert ready.bank.enter(collect_token()).current.compartment == "A1"
    assert ready.bank.entrance.scans.allows() is False
    ready.wait(1.5)
    assert ready.bank.entrance.scans.allows() is True


def test_holder_of_one_code_gets_no_more_wrong_tries_in_a_day_than_anybody(ready):
    """Two wrong, one right, and again: no delay ever comes, but the count of the day does."""
    tried = 0
    for _ in range(40):
        for _ in range(2):
            if ready.bank.throttle.waiting() is None:
                try_pin(ready)
                tried += 1
        if ready.bank.throttle.waiting() is None:
            ready.bank.finish(ready.bank.enter(collect_pin()).session)
            ready.shut("A1")
            ready.wait(600, step=60)

    assert tried == 30
    assert ready.bank.throttle.channel() == "closed"


def test_a_paper_in_front_of_the_scanner_does_not_fill_the_card(ready):
    """Nor does it push out what the server has not heard: a day of it is some thousand rows, not some hundred thousand."""
    before = len(ready.events("credential.rejected"))

    for _ in range(600):
        try_pin(ready, "HTTPS://SHOP.EXAMPLE/")
        ready.wait(0.1, step=0.1)
    told = [(data["kind"], data["why"]) for data in ready.events("credential.rejected")[before:]]

    assert sorted(told) == [("qr", "damaged")] * 5 + [("qr", "waiting")] * 5
    assert ready.pulses() == ["A1"]


def test_another_refusal_is_told_at_once_and_the_same_one_a_minute_later(ready):
    for _ in range(20):
        try_pin(ready, "HTTPS://SHOP.EXAMPLE/")
    try_pin(ready, WRONG)
    ready.wait(60)
    try_pin(ready, "HTTPS://SHOP.EXAMPLE/")

    told = [data["why"] for data in ready.events("credential.rejected")]
    assert told == ["damaged", *["waiting"] * 5, "unknown", "damaged"]


def test_what_is_not_told_any_more_counts_all_the_same(ready):
    for _ in range(50):
        ready.bank.entrance.report_refusal("pin", "unknown")

    wait_and_try(ready, 3)

    assert ready.bank.throttle.waiting().seconds == 30
