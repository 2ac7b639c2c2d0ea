"""A cable that spoils, splits, delays, echoes, babbles or is pulled out: what is believed of it."""

import errno
import time

import pytest
import serial

from pickup.conformance.boards.kerong import kerong_frame
from pickup.controller.drivers.base import CommError, Trouble
from pickup.controller.drivers.kerong_cu16 import KerongCu16
from pickup.controller.drivers.line import Line
from pickup.protocol.vocabulary import Door

from .conftest import settings_of

OPEN, CLOSED, UNKNOWN = Door.OPEN, Door.CLOSED, Door.UNKNOWN
IMPATIENT = {"answer_ms": 40}


def flip_sum(answer):
    return [(0.0, answer[:-1] + bytes([answer[-1] ^ 1]))]


SPOILS = {
    "corrupt sum": flip_sum,
    "short": lambda answer: [(0.0, answer[:-2])],
    "another board's": lambda answer: [(0.0, kerong_frame(0x20, 0x35, answer[3:-2]))],
    "another protocol's": lambda answer: [(0.0, bytes.fromhex("80 01 00 00 00 33 B2"))],
    "wrong baud rate": lambda answer: [(0.0, bytes(byte * 7 + 3 & 0xFF for byte in answer))],
}


@pytest.mark.parametrize("fault", SPOILS)
def test_spoilt_answer_is_garbled_and_tells_of_no_door(boards, kerong, fault):
    boards.spoil = SPOILS[fault]

    with pytest.raises(CommError) as error:
        kerong.open(0)

    assert error.value.trouble is Trouble.GARBLED
    assert kerong.read_doors()[0] is UNKNOWN
    assert boards.pulses == [0]


def test_noise_before_and_after_the_answer_is_left_out(boards, kerong):
    boards.spoil = lambda answer: [(0.0, b"\x00\xff\x02" + answer + b"\xff")]

    assert set(kerong.read_doors().values()) == {CLOSED}


def test_answer_in_two_pieces_is_one_answer(boards, cable):
    boards.spoil = lambda answer: [(0.0, answer[:4]), (0.015, answer[4:])]
    driver = KerongCu16(settings_of(cable, quiet_ms=60), [0])

    assert driver.read_doors() == {0: CLOSED}
    driver.close()


def test_late_answer_is_not_taken_for_that_of_the_next_request(boards, cable):
    """Lock 0 is asked and answers too late; what board 1 is asked then is answered by board 1 alone."""
    driver = KerongCu16(settings_of(cable, **IMPATIENT), [0, 16])
    boards.open.add(16)
    boards.spoil = lambda answer: [(0.15 if answer[1] == 0 else 0.0, answer)]

    doors = driver.read_doors()
    time.sleep(0.2)
    again = driver.read_doors()

    assert doors[0] is UNKNOWN
    assert again[0] is UNKNOWN
    assert CLOSED not in (doors[16], again[16])
    driver.close()


def test_adapter_that_hears_itself_is_understood(boards, cable):
    boards.spoil = lambda answer: [(0.0, boards.requests[-1] + answer)]
    driver = KerongCu16(settings_of(cable, echo=True), [0])

    driver.open(0)

    assert driver.read_doors() == {0: OPEN}
    driver.close()


def test_adapter_that_is_pulled_out_and_put_back_is_found_again(boards, cable, kerong):
    kerong.read_doors()
    cable.pull_out()
    gone = [kerong.read_doors() for _ in range(4)]
    trouble = kerong.board_states()
    cable.plug_in()

    assert all(set(doors.values()) == {UNKNOWN} for doors in gone)
    assert [(state.board, state.trouble) for state in trouble] == [(None, Trouble.ABSENT)]
    assert set(kerong.read_doors().values()) == {CLOSED}
    assert {state.trouble for state in kerong.board_states()} == {None}


@pytest.mark.parametrize(
    ("number", "trouble"),
    [
        (errno.ENOENT, Trouble.ABSENT),
        (errno.ENXIO, Trouble.ABSENT),
        (errno.ENODEV, Trouble.ABSENT),
        (errno.EIO, Trouble.IO),
        (errno.EACCES, Trouble.PERMISSION),
        (errno.EPERM, Trouble.PERMISSION),
    ],
)
def test_errors_of_the_port_are_told_apart_by_their_number(monkeypatch, number, trouble):
    def refuse(*_, **__):
        raise serial.SerialException(number, "some words in some language")

    monkeypatch.setattr(serial, "Serial", refuse)

    with pytest.raises(CommError) as error:
        Line({"port": "/dev/ttyUSB0"}, baud=9600).ask(b"x")

    assert error.value.trouble is trouble


def test_babbling_line_does_not_hold_the_bus_for_ever(boards, cable, kerong):
    boards.spoil = lambda answer: [(0.0, b"\x55" * 64)] * 40

    began = time.monotonic()
    doors = kerong.read_doors()

    assert time.monotonic() - began < 2
    assert set(doors.values()) == {UNKNOWN}
