"""Both drivers against emulated boards at the other end of a pseudo-terminal, and everything that goes wrong there."""

import errno
import threading
import time

import pytest
import serial

from pickup.controller.drivers.base import CommError, Denial, HardwareRefusal, Trouble
from pickup.controller.drivers.kerong_cu16 import KerongCu16
from pickup.controller.drivers.line import Line
from pickup.controller.drivers.modbus_relay import ModbusRelay
from pickup.protocol.vocabulary import Door, Presence

from .conftest import settings_of
from .emulated import KerongBoards, ModbusBoards, kerong_frame

OPEN, CLOSED, UNKNOWN = Door.OPEN, Door.CLOSED, Door.UNKNOWN
IMPATIENT = {"answer_ms": 40}


@pytest.fixture
def boards():
    return KerongBoards(0, 1, 2)


@pytest.fixture
def cable(plug, boards):
    return plug(boards)


@pytest.fixture
def kerong(cable):
    """One lock on each of three boards."""
    driver = KerongCu16(settings_of(cable, ir=True), [0, 16, 47])
    yield driver
    driver.close()


@pytest.fixture
def relays(plug):
    """Two relay boards and their driver."""
    boards = ModbusBoards(1, 2)
    driver = ModbusRelay(settings_of(plug(boards)), [101, 208])
    yield boards, driver
    driver.close()


def test_kerong_doors_are_read_pulsed_and_read_again(boards, kerong):
    boards.occupied.add(16)
    before = kerong.read_doors()
    kerong.open(16)

    assert before == {0: CLOSED, 16: CLOSED, 47: CLOSED}
    assert boards.pulses == [16]
    assert kerong.read_doors() == {0: CLOSED, 16: OPEN, 47: CLOSED}
    assert kerong.read_presence() == {0: Presence.EMPTY, 16: Presence.OCCUPIED, 47: Presence.EMPTY}


def test_kerong_boards_are_found_by_asking_all_of_them(boards, kerong):
    boards.dead.add(1)

    assert kerong.find_boards() == [0, 2]


def test_relays_are_read_flashed_and_switched_off(relays):
    boards, driver = relays
    before = driver.read_doors()
    driver.open(208)
    driver.all_off()

    assert before == {101: CLOSED, 208: CLOSED}
    assert (boards.pulses, boards.flashes, boards.switched_off) == ([208], [400], 2)
    assert driver.read_doors() == {101: CLOSED, 208: OPEN}


def test_busy_relay_board_refuses_without_a_pulse(relays):
    boards, driver = relays
    boards.busy = True

    with pytest.raises(HardwareRefusal) as refused:
        driver.open(101)

    assert refused.value.denial is Denial.BUSY
    assert boards.pulses == []
    assert set(driver.read_doors().values()) == {UNKNOWN}


def test_relay_board_without_inputs_is_alive_but_its_doors_are_never_known(plug):
    boards = ModbusBoards(1)
    boards.has_inputs = False
    driver = ModbusRelay(settings_of(plug(boards), feedback_type="none"), [101])

    driver.open(101)

    assert driver.read_doors() == {101: UNKNOWN}
    assert {state.trouble for state in driver.board_states()} == {None}
    driver.close()


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


def test_door_that_opens_without_an_answer_is_a_comm_error_and_one_pulse(boards, cable):
    driver = KerongCu16(settings_of(cable, **IMPATIENT), [0])
    boards.no_ack = True

    with pytest.raises(CommError) as error:
        driver.open(0)

    assert (error.value.trouble, boards.pulses, boards.open) == (Trouble.SILENT, [0], {0})
    driver.close()


def test_boards_that_never_answer_an_unlock_are_asked_for_their_status_instead(boards, cable):
    driver = KerongCu16(settings_of(cable, answers_unlock=False, answer_ms=80), [0])
    boards.no_ack = True

    driver.open(0)

    assert boards.pulses == [0]
    assert boards.requests[-1] == bytes.fromhex("02 00 30 03 35")
    driver.close()


def test_adapter_that_hears_itself_is_understood(boards, cable):
    boards.spoil = lambda answer: [(0.0, boards.requests[-1] + answer)]
    driver = KerongCu16(settings_of(cable, echo=True), [0])

    driver.open(0)

    assert driver.read_doors() == {0: OPEN}
    driver.close()


def test_dead_board_leaves_the_others_alone_and_is_soon_not_waited_for(boards, cable):
    """S22: board 2 of 3 dead."""
    boards.dead.add(1)
    driver = KerongCu16(settings_of(cable), [0, 16, 47])

    rounds = [driver.read_doors() for _ in range(3)]
    asked = len(boards.requests)
    began = time.monotonic()
    rounds.append(driver.read_doors())

    assert all(doors == {0: CLOSED, 16: UNKNOWN, 47: CLOSED} for doors in rounds)
    assert time.monotonic() - began < 0.3
    assert len(boards.requests) == asked + 2
    assert {state.board: state.trouble for state in driver.board_states()} == {
        None: None,
        0: None,
        1: Trouble.SILENT,
        2: None,
    }
    driver.close()


def test_person_at_a_dead_board_is_reason_to_ask_it_and_finds_it_alive_again(boards, cable):
    boards.dead.add(1)
    driver = KerongCu16(settings_of(cable), [16])
    for _ in range(3):
        driver.read_doors()
    boards.dead.clear()

    driver.open(16)

    assert boards.pulses == [16]
    assert driver.read_doors() == {16: OPEN}
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


def test_pulse_goes_before_the_rest_of_a_round(boards, cable):
    """Fourteen boards are being read; who waits at a door waits for one frame, not for the round."""
    boards.numbers = tuple(range(14))
    driver = KerongCu16(settings_of(cable), [16 * board for board in range(14)])
    looking = threading.Thread(target=driver.read_doors)
    looking.start()
    while len(boards.requests) < 2:
        time.sleep(0.001)

    driver.open(0)
    looking.join(5)

    place = next(number for number, request in enumerate(boards.requests) if request[2] == 0x31)
    assert place < 10
    assert len(boards.requests) == 15
    driver.close()


def test_frames_keep_their_distance(boards, cable):
    """5 ms of rest between two frames, without which boards miss requests."""
    heard = []
    answers = boards.answers
    boards.answers = lambda request: heard.append(time.monotonic()) or answers(request)
    driver = KerongCu16(settings_of(cable, gap_ms=50), [0, 16, 47])

    driver.read_doors()

    assert min(later - earlier for earlier, later in zip(heard, heard[1:], strict=False)) >= 0.045
    driver.close()


def test_coil_is_spared_and_cools_down_within_a_minute(boards, cable, monkeypatch):
    now = [1000.0]
    driver = KerongCu16(settings_of(cable), [0])
    monkeypatch.setattr(driver.line, "mono", lambda: now[0] + time.monotonic() / 1e6)
    monkeypatch.setattr(driver, "pulse", lambda address, pulse_ms: None)
    for _ in range(24):
        driver.open(0)

    with pytest.raises(HardwareRefusal) as refused:
        driver.open(0)
    now[0] += 61

    assert refused.value.denial is Denial.COOLDOWN
    driver.open(0)
    driver.close()
