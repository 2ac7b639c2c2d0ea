"""Both drivers against emulated boards at the other end of a pseudo-terminal: doors, dead boards, pace, coils."""

import threading
import time

import pytest

from pickup.conformance.boards.relays import ModbusBoards
from pickup.controller.drivers.base import CommError, Denial, HardwareRefusal, Trouble
from pickup.controller.drivers.kerong_cu16 import KerongCu16
from pickup.controller.drivers.modbus_relay import ModbusRelay
from pickup.protocol.vocabulary import Door, Presence

from .conftest import settings_of

OPEN, CLOSED, UNKNOWN = Door.OPEN, Door.CLOSED, Door.UNKNOWN
IMPATIENT = {"answer_ms": 40}


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
    monkeypatch.setattr(driver, "mono", lambda: now[0] + time.monotonic() / 1e6)
    monkeypatch.setattr(driver, "pulse", lambda address, pulse_ms: None)
    for _ in range(24):
        driver.open(0)

    with pytest.raises(HardwareRefusal) as refused:
        driver.open(0)
    now[0] += 61

    assert refused.value.denial is Denial.COOLDOWN
    driver.open(0)
    driver.close()
