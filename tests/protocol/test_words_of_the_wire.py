"""Codes, tokens, signatures and messages, without a bank."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import segno

from pickup.protocol import base45, codes, envelope, tokens
from pickup.protocol.authlist import AuthEntry
from pickup.protocol.errors import BadMessage, BadSignature, ProtocolError, TooLarge, UnknownKey, WrongVersion
from pickup.protocol.messages import MAX_ITEMS, Clock, Event, Snapshot, SyncReply, SyncRequest
from pickup.protocol.vocabulary import Purpose, Size, Temperature

from .kit import BANK, KID, PIN_KEY, SERVER_KEY, START, collect_token, deposit_token, entry

KEYS = envelope.read_public_keys({KID: envelope.public_text(SERVER_KEY)})


def test_pins_are_always_the_same_and_have_eight_digits():
    """The values are fixed: a change here would make every code in the town worthless."""
    key = bytes(32)

    pins = [codes.derive_pin(key, "collect:1", 1), codes.derive_pin(key, "collect:1", 2)]

    assert pins == ["64453967", "55500069"]


def test_pins_are_spread_evenly():
    pins = [codes.derive_pin(PIN_KEY, str(number), 1) for number in range(4000)]

    for place in range(8):
        counts = Counter(pin[place] for pin in pins)
        assert len(counts) == 10
        assert all(300 < count < 500 for count in counts.values())


@pytest.mark.parametrize("pin", ["00000000", "11112222", "12345678", "87654321", "89012345", "48134813", "12121212"])
def test_trivial_pins_are_never_issued(pin):
    assert codes.is_trivial(pin)


@pytest.mark.parametrize("pin", ["48134817", "10293847", "13572468"])
def test_ordinary_pins_are_not_trivial(pin):
    assert not codes.is_trivial(pin)


def test_taken_pin_raises_the_version():
    taken = codes.pin_mac(PIN_KEY, codes.derive_pin(PIN_KEY, "collect:1", 1))

    assert codes.first_free_version(PIN_KEY, "collect:1", {taken}.__contains__) == 2


def test_pin_mark_has_ten_bytes_and_needs_the_key():
    mark = codes.pin_mac(PIN_KEY, "48134817")

    assert len(envelope.from_b64(mark)) == 10
    assert mark != codes.pin_mac(bytes(32), "48134817")


@pytest.mark.parametrize(
    ("raw", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0")]
)
def test_base45_as_in_rfc_9285(raw, text):
    assert base45.encode(raw) == text
    assert base45.decode(text) == raw


@pytest.mark.parametrize("text", ["GGW", ":::", "A", "ab", "BB8É"])
def test_damaged_base45_is_refused(text):
    with pytest.raises(BadMessage):
        base45.decode(text)


@pytest.mark.parametrize("size", list(Size))
@pytest.mark.parametrize("temperature", list(Temperature))
@pytest.mark.parametrize("marks", [{}, {"low": True}, {"food": True, "hard_exp": True}, {"own_compartment": True}])
def test_token_says_what_was_put_into_it(size, temperature, marks):
    text = deposit_token(size=size, temperature=temperature, **marks)

    token = tokens.decode(text, KEYS, BANK)

    assert (token.size, token.temperature) == (size, temperature)
    names = ("low", "food", "hard_exp", "own_compartment")
    assert {name: getattr(token, name) for name in names if getattr(token, name)} == marks
    assert tokens.encode(token, SERVER_KEY, KID) == text


def test_tokens_fit_the_qr_codes_that_a_tired_scanner_reads():
    sizes = [segno.make(text, error="m", boost_error=False).version for text in (collect_token(), deposit_token())]

    assert sizes == [6, 7]


def test_token_of_another_purpose_than_its_length_is_refused():
    body = tokens.base45.decode(collect_token()[3:])[:34]
    forged = body[:2] + b"\x01" + body[3:]
    text = "L1:" + base45.encode(forged + SERVER_KEY.sign(forged))

    with pytest.raises(BadMessage):
        tokens.decode(text, KEYS, BANK)


def test_canonical_json_is_one_spelling():
    one = envelope.canonical({"b": 1, "a": {"é": [True, None]}})

    assert one == '{"a":{"é":[true,null]},"b":1}'.encode()


def test_floats_are_not_signed():
    with pytest.raises(BadMessage):
        envelope.sign({"c": [{"t": 1.5}]}, SERVER_KEY, KID)


def test_signature_covers_the_key_name():
    other = {**KEYS, "s4": KEYS[KID]}
    signed = envelope.sign({"a": 1}, SERVER_KEY, KID)

    envelope.verify(signed, KEYS)
    with pytest.raises(BadSignature):
        envelope.verify({**signed, "kid": "s4"}, other)
    with pytest.raises(UnknownKey):
        envelope.verify({**signed, "kid": "s5"}, other)


def test_ulids_sort_by_time():
    early = envelope.new_ulid(datetime(2026, 1, 1, tzinfo=UTC))
    late = envelope.new_ulid(datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC))

    assert len(early) == len(late) == 26
    assert early < late


def request(**more):
    """A small sync request, as a document."""
    clock = Clock(synced=True, offset_ms=0, uncertainty_ms=250)
    event = Event(seq=1, boot_id=1, type="claim", at=START, mono_ms=5, data={"legs": [1]})
    whole = SyncRequest(bank=BANK, boot_id=1, clock=clock, list_etag=None, snapshot=None, events=(event,))
    return {**whole.as_document(), **more}


def test_request_survives_the_wire():
    assert SyncRequest.read(request(), BANK).as_document() == request()


def snapshot(**more):
    """A snapshot with one frozen zone, as a document."""
    zone = {"id": "F1", "class": "frozen", "c": -19.2, "ok": True}
    return {"fw": "x", "pin_channel": "open", "compartments": [], "zones": [zone], **more}


def test_zones_survive_the_wire_and_may_be_missing():
    whole = snapshot()
    older = {name: value for name, value in whole.items() if name != "zones"}

    assert Snapshot.read(whole).as_document()["zones"] == whole["zones"]
    assert Snapshot.read(older).zones == ()


@pytest.mark.parametrize("c", [float("nan"), float("inf"), "cold", True, 151])
def test_temperature_that_is_no_temperature_is_refused(c):
    zone = {"id": "F1", "class": "frozen", "c": c, "ok": True}

    with pytest.raises(BadMessage):
        Snapshot.read(snapshot(zones=[zone]))


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"v": 2}, WrongVersion, "version 1"),
        ({"bank": "other"}, BadMessage, "bank"),
        ({"boot_id": 0}, BadMessage, "boot_id"),
        ({"boot_id": True}, BadMessage, "boot_id"),
        ({"clock": None}, BadMessage, "clock"),
        ({"events": [{"seq": 1}]}, BadMessage, "boot_id"),
        ({"events": "many"}, BadMessage, "events"),
        ({"events": [None] * (MAX_ITEMS + 1)}, TooLarge, "200"),
        (
            {"snapshot": {"fw": "x", "pin_channel": "open", "compartments": [{"id": "A1", "door": "ajar"}]}},
            BadMessage,
            "door",
        ),
    ],
)
def test_wrong_request_is_refused_with_the_name_of_the_field(changes, error, words):
    with pytest.raises(error) as refused:
        SyncRequest.read(request(**changes), BANK)

    assert words in refused.value.as_document()["error"]["detail"]


@pytest.mark.parametrize("body", [None, [], "text", 5])
def test_body_that_is_no_object_is_refused(body):
    with pytest.raises(ProtocolError):
        SyncRequest.read(body, BANK)


def test_reply_for_another_bank_is_refused():
    reply = SyncReply(bank="other", boot_id=1, cursor=0, list_etag="e", server_time=START, next_ms=1000)

    with pytest.raises(BadMessage):
        SyncReply.read(reply.sign(SERVER_KEY, KID), KEYS, BANK)


def test_deposit_entries_name_their_shop():
    with pytest.raises(BadMessage):
        AuthEntry.read(replace(entry(Purpose.DEPOSIT, shop=1), shop=None).as_document())
    with pytest.raises(BadMessage):
        AuthEntry.read(replace(entry(Purpose.COLLECT), shop=1).as_document())
