"""What one sensor is believed: settling, failed readings, flaps."""

from hypothesis import given
from hypothesis import strategies as st

from pickup.controller.sensors import Change, Sensor
from pickup.protocol.vocabulary import Door

OPEN, CLOSED, UNKNOWN = Door.OPEN, Door.CLOSED, Door.UNKNOWN


def watched(*readings, step=0.5, expected=False):
    """A sensor after readings `step` seconds apart, and what each of them changed."""
    sensor = Sensor()
    changes = [sensor.read(said, number * step, expected=expected) for number, said in enumerate(readings)]
    return sensor, changes


def test_closing_counts_when_it_has_lasted_half_a_second():
    sensor, changes = watched(OPEN, CLOSED, CLOSED)

    assert changes == [Change.FOUND_OPEN, None, Change.CLOSED]
    assert sensor.state is CLOSED


def test_bounce_is_no_closing():
    sensor, changes = watched(OPEN, CLOSED, OPEN, CLOSED, OPEN, step=0.1)

    assert changes == [Change.FOUND_OPEN, None, None, None, None]
    assert sensor.state is OPEN


def test_opening_after_a_pulse_is_believed_at_once():
    _, changes = watched(CLOSED, OPEN, expected=True)

    assert changes == [None, Change.OPENED]


def test_unexpected_opening_must_last_half_a_second():
    _, lasting = watched(CLOSED, OPEN, OPEN)
    _, glitch = watched(CLOSED, OPEN, CLOSED, CLOSED)

    assert lasting == [None, None, Change.OPENED]
    assert glitch == [None] * 4


def test_two_failed_readings_change_nothing_the_third_makes_the_door_unknown():
    sensor, changes = watched(CLOSED, UNKNOWN, UNKNOWN, CLOSED, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)

    assert changes == [None] * 6 + [Change.LOST, None]
    assert sensor.state is UNKNOWN


def test_door_that_was_opened_unseen_is_an_opening_when_it_is_seen_again():
    _, changes = watched(CLOSED, UNKNOWN, UNKNOWN, UNKNOWN, OPEN)

    assert changes[-1] is Change.OPENED


def test_door_that_was_open_and_still_is_makes_no_edge():
    _, changes = watched(OPEN, UNKNOWN, UNKNOWN, UNKNOWN, OPEN)

    assert changes[-1] is Change.FOUND_OPEN


def test_door_that_was_shut_unseen_is_a_closing_when_it_is_seen_again():
    _, changes = watched(OPEN, UNKNOWN, UNKNOWN, UNKNOWN, CLOSED)

    assert changes[-1] is Change.CLOSED


def test_third_flap_within_a_minute_makes_the_sensor_suspect():
    _, changes = watched(CLOSED, OPEN, CLOSED, OPEN, CLOSED, OPEN, CLOSED)

    assert changes == [None] * 6 + [Change.SUSPECT]


def test_flaps_that_are_far_apart_are_forgiven():
    _, changes = watched(*[CLOSED, OPEN, CLOSED] * 5, step=20)

    assert Change.SUSPECT not in changes


@given(st.lists(st.tuples(st.sampled_from(list(Door)), st.booleans()), max_size=60))
def test_every_opening_is_followed_by_a_closing_or_a_loss_before_the_next(readings):
    sensor, standing_open = Sensor(), False

    for number, (said, expected) in enumerate(readings):
        change = sensor.read(said, number * 0.25, expected=expected)
        if change in (Change.OPENED, Change.FOUND_OPEN):
            assert not standing_open
            assert said is OPEN
            standing_open = True
        elif change in (Change.CLOSED, Change.LOST):
            assert change is Change.LOST or said is CLOSED
            standing_open = False
        assert standing_open == (sensor.state is OPEN)
