"""The bytes on the wire, and what is made of bytes that nobody should have sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pickup.conformance.boards.kerong import kerong_frame
from pickup.controller.drivers import kerong_cu16 as kerong
from pickup.controller.drivers import modbus_relay as modbus
from pickup.controller.drivers.base import CommError, HardwareRefusal, Trouble
from pickup.protocol.vocabulary import Door, Presence


class Wire:
    """A line on which the next answer lies ready."""

    port = "/dev/null"

    def __init__(self, answer=b""):
        self.answer = answer
        self.requests = []

    def ask(self, request, *, urgent=False):
        self.requests.append(request)
        return self.answer

    def mono(self):
        return 0.0


def hexed(text):
    return bytes.fromhex(text)


@pytest.mark.parametrize(
    ("address", "command", "sent"),
    [
        (0x00, kerong.UNLOCK, "02 00 31 03 36"),
        (0x05, kerong.UNLOCK, "02 05 31 03 3B"),
        (0x1F, kerong.UNLOCK, "02 1F 31 03 55"),
        (0x00, kerong.STATUS, "02 00 30 03 35"),
        (0xF0, kerong.STATUS_OF_ALL, "02 F0 32 03 27"),
    ],
)
def test_kerong_requests_are_those_of_the_maker(address, command, sent):
    assert kerong.frame(address, command) == hexed(sent)


@pytest.mark.parametrize(
    ("unit", "function", "data", "sent"),
    [
        (1, modbus.WRITE_COIL, "02 00 00 07", "01 05 02 00 00 07 8D B0"),
        (1, modbus.READ_INPUTS, "00 00 00 08", "01 02 00 00 00 08 79 CC"),
        (1, modbus.WRITE_COILS, "00 00 00 08 01 00", "01 0F 00 00 00 08 01 00 FE 95"),
    ],
)
def test_modbus_requests_are_those_of_the_maker(unit, function, data, sent):
    assert modbus.frame(unit, function, hexed(data)) == hexed(sent)


def test_kerong_never_unlocks_all_whatever_the_addresses():
    wire = Wire(kerong_frame(0, 0x35, bytes(4)))
    driver = kerong.KerongCu16({"port": "x"}, range(240), wire)

    driver.read_doors()
    driver.all_off()
    for address in range(240):
        wire.answer = kerong_frame(address, 0x35, bytes(4))
        driver.open(address)

    assert {request[2] for request in wire.requests} == {kerong.STATUS, kerong.UNLOCK}
    assert all(len(request) == 5 for request in wire.requests)


@pytest.mark.parametrize("address", [-1, 240, 255])
def test_kerong_address_beyond_the_boards_is_refused(address):
    with pytest.raises(ValueError, match="KR-CU16"):
        kerong.KerongCu16({"port": "x"}, [address], Wire())


@pytest.mark.parametrize("address", [0, 100, 133, 1, 24801])
def test_modbus_address_beyond_the_relays_is_refused(address):
    with pytest.raises(ValueError, match="relay"):
        modbus.ModbusRelay({"port": "x"}, [address], Wire())


def kerong_read(answer, **settings):
    """Doors and presence of board 1, locks 1 and 9, as read from an answer."""
    driver = kerong.KerongCu16({"port": "x", "ir": True, **settings}, [16, 24], Wire(answer))
    return driver.read_doors(), driver.read_presence()


def test_kerong_status_tells_hooks_and_presence():
    doors, presence = kerong_read(hexed("02 10 35 01 00 00 01 03 4C"))

    assert doors == {16: Door.CLOSED, 24: Door.OPEN}
    assert presence == {16: Presence.EMPTY, 24: Presence.OCCUPIED}


def test_polarity_is_configuration():
    doors, _ = kerong_read(hexed("02 10 35 01 00 00 01 03 4C"), feedback_type="door_opening")

    assert doors == {16: Door.OPEN, 24: Door.CLOSED}


def test_missing_bits_are_unknown():
    doors, presence = kerong_read(kerong_frame(0x10, 0x35, bytes([0x01, 0xFF])))

    assert doors == {16: Door.CLOSED, 24: Door.UNKNOWN}
    assert presence == {16: Presence.UNKNOWN, 24: Presence.UNKNOWN}


def test_sensors_inside_that_are_not_connected_say_nothing():
    _, presence = kerong_read(hexed("02 10 35 01 00 00 01 03 4C"), ir=False)

    assert presence == {}


@pytest.mark.parametrize(
    "answer",
    [
        "02 10 35 01 00 00 01 03 4D",  # sum
        "02 00 35 01 00 00 01 03 3C",  # another board
        "02 10 36 01 00 00 01 03 4D",  # another command
        "02 10 35 01 00 00 01 03",  # cut off
        "02 10 30 03 45",  # our own request
        "02 10 35 01 00 00 01 03 4C 02 10 35 FF 00 00 01 03 4A",  # two answers that differ
        "00 FF 00 FF",
    ],
)
def test_kerong_answer_that_proves_nothing_tells_of_no_door(answer):
    doors, presence = kerong_read(hexed(answer))

    assert set(doors.values()) == {Door.UNKNOWN}
    assert set(presence.values()) == {Presence.UNKNOWN}


def test_noise_around_a_kerong_answer_is_left_out():
    doors, _ = kerong_read(hexed("00 FF 02") + hexed("02 10 35 01 00 00 01 03 4C") + hexed("FF"))

    assert doors == {16: Door.CLOSED, 24: Door.OPEN}


def modbus_read(answer, **settings):
    """Doors of unit 1, channels 1 and 9, as read from an answer."""
    return modbus.ModbusRelay({"port": "x", **settings}, [101, 109], Wire(answer)).read_doors()


def test_modbus_inputs_tell_doors_and_missing_bits_are_unknown():
    both = modbus_read(modbus.frame(1, 2, bytes([2, 0x01, 0x00])))
    short = modbus_read(modbus.frame(1, 2, bytes([1, 0x01])))

    assert both == {101: Door.CLOSED, 109: Door.OPEN}
    assert short == {101: Door.CLOSED, 109: Door.UNKNOWN}


@pytest.mark.parametrize(
    "answer",
    [
        modbus.frame(2, 2, bytes([2, 0xFF, 0xFF])),
        modbus.frame(1, 1, bytes([2, 0xFF, 0xFF])),
        modbus.frame(1, 2, bytes([2, 0xFF, 0xFF]))[:-1],
        modbus.frame(1, 2, bytes([2, 0xFF, 0xFF]))[:-1] + b"\x00",
        modbus.frame(1, 0x82, b"\x02"),
        modbus.frame(1, 2, bytes([1, 0xFF])) + modbus.frame(1, 2, bytes([1, 0x00])),
        modbus.frame(1, 2, hexed("00 00 00 10")),
    ],
)
def test_modbus_answer_that_proves_nothing_tells_of_no_door(answer):
    assert set(modbus_read(answer).values()) == {Door.UNKNOWN}


def test_relays_without_inputs_are_never_known_to_be_closed():
    driver = modbus.ModbusRelay(
        {"port": "x", "feedback_type": "none"}, [101], Wire(modbus.frame(1, 2, bytes([1, 0xFF])))
    )

    assert driver.read_doors() == {101: Door.UNKNOWN}
    assert [state.trouble for state in driver.board_states()] == [None, None]


@pytest.mark.parametrize(("asked", "tenths"), [(None, 4), (50, 1), (199, 1), (730, 7), (60_000, 10)])
def test_relay_is_never_on_for_longer_than_asked_nor_than_a_second(asked, tenths):
    wire = Wire()
    driver = modbus.ModbusRelay({"port": "x"}, [103], wire)

    with pytest.raises(CommError):
        driver.open(103, asked)

    assert wire.requests == [modbus.frame(1, 5, bytes([0x02, 0x02, 0, tenths]))]


NOISE = st.binary(max_size=40)
KERONG_NEARLY = st.builds(
    lambda before, address, command, data, after: before + kerong_frame(address, command, data) + after,
    NOISE,
    st.sampled_from([0x10, 0x1F, 0x00]),
    st.sampled_from([0x35, 0x36, 0x31]),
    st.binary(max_size=6),
    NOISE,
)
MODBUS_NEARLY = st.builds(
    lambda before, unit, function, data, after: before + modbus.frame(unit, function, data) + after,
    NOISE,
    st.sampled_from([1, 2]),
    st.sampled_from([2, 5, 0x82, 0x85]),
    st.binary(max_size=6),
    NOISE,
)


def spoilt(answers):
    """Answers with one byte changed, or as they are."""
    return st.builds(
        lambda answer, place, byte: answer if place >= len(answer) else answer[:place] + byte + answer[place + 1 :],
        answers,
        st.integers(0, 60),
        st.binary(min_size=1, max_size=1),
    )


@given(spoilt(NOISE | KERONG_NEARLY))
def test_whatever_a_kerong_board_says_a_door_is_told_only_by_a_proof(answer):
    doors, presence = kerong_read(answer)

    if set(doors.values()) | set(presence.values()) != {"unknown"}:
        proofs = [piece for piece in pieces(answer, 6, 9) if piece[:3] == hexed("02 10 35") and kerong_whole(piece)]
        assert proofs
        assert doors[16] is (Door.CLOSED if proofs[0][3] & 1 else Door.OPEN)
        if doors[24] is not Door.UNKNOWN:
            assert doors[24] in {Door.CLOSED if proof[4] & 1 else Door.OPEN for proof in proofs if len(proof) == 9}


@given(spoilt(NOISE | MODBUS_NEARLY))
def test_whatever_a_relay_board_says_a_door_is_told_only_by_a_proof(answer):
    doors = modbus_read(answer)

    if set(doors.values()) != {"unknown"}:
        proofs = [
            piece
            for piece in pieces(answer, 6, len(answer))
            if piece[:2] == hexed("01 02") and piece[-2:] == modbus.crc16(piece[:-2])
        ]
        assert doors[101] in {Door.CLOSED if proof[3] & 1 else Door.OPEN for proof in proofs}


@given(spoilt(NOISE | KERONG_NEARLY), st.sampled_from([0x10, 0x1F]))
def test_kerong_pulse_ends_well_or_with_a_comm_error(answer, address):
    driver = kerong.KerongCu16({"port": "x"}, [address], Wire(answer))

    try:
        driver.open(address)
    except CommError as error:
        assert error.trouble in (Trouble.SILENT, Trouble.GARBLED)
    else:
        assert any(kerong_whole(piece) and piece[2] == 0x35 for piece in pieces(answer, 6, 9))


@given(spoilt(NOISE | MODBUS_NEARLY))
def test_modbus_pulse_ends_well_with_a_comm_error_or_busy(answer):
    wire = Wire(answer)
    driver = modbus.ModbusRelay({"port": "x"}, [101], wire)

    try:
        driver.open(101)
    except CommError as error:
        assert error.trouble in (Trouble.SILENT, Trouble.GARBLED)
    except HardwareRefusal:
        assert modbus.frame(1, 0x85, b"\x06") in answer
    else:
        assert wire.requests[0] in answer


def pieces(answer, least, most):
    """Every run of bytes in an answer with a length between both."""
    lengths = range(least, min(most, len(answer)) + 1)
    return [answer[start : start + length] for length in lengths for start in range(len(answer) - length + 1)]


def kerong_whole(piece):
    """Whether a piece is framed and summed as the maker says."""
    return piece[0] == 2 and piece[-2] == 3 and piece[-1] == sum(piece[:-1]) & 0xFF
