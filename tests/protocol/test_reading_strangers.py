"""Whatever bytes somebody sends: the readers answer with a value or a ProtocolError, nothing else."""

import json

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pickup.controller import snapshots
from pickup.protocol import authlist, commands, configs, envelope, tokens, wire
from pickup.protocol.errors import BadMessage, ProtocolError, TooLarge
from pickup.protocol.messages import Connection, SyncReply, SyncRequest
from pickup.protocol.provisioning import ProvisionReply, ProvisionRequest
from pickup.protocol.vocabulary import Purpose

from .kit import BANK, KID, SERVER_KEY, Table, collect_token, leg_entries, signed_list

KEYS = {KID: SERVER_KEY.public_key()}
READERS = {
    "request": lambda value: SyncRequest.read(value, BANK),
    "reply": lambda value: SyncReply.read(value, KEYS, BANK),
    "connection": lambda value: Connection.read(value, BANK),
    "command": lambda value: commands.read(value, BANK),
    "signed command": lambda value: commands.verify(value, KEYS) if isinstance(value, dict) else None,
    "list": lambda value: authlist.verify(value, KEYS, BANK),
    "unsigned list": lambda value: authlist.read(value, BANK),
    "config": lambda value: configs.read(value, BANK),
    "provision": ProvisionRequest.read,
    "provisioned": ProvisionReply.read,
}
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
moments = st.sampled_from(["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-09-19", "", "24:00Z"])
values = st.recursive(
    scalars | moments,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    "text",
    ["0001-01-01T00:00:00+23:59", "1969-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "2026-09-19",
     "", None, 7],
)  # fmt: skip
def test_a_moment_that_is_none_is_refused(text):
    with pytest.raises(BadMessage):
        envelope.to_moment(text)


def quietly(read, value):
    """Read; every error but a ProtocolError goes on."""
    try:
        read(value)
    except ProtocolError as error:
        assert error.detail


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_a_document_or_a_protocol_error(raw):
    quietly(wire.decode, raw)


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"[" * 100_000, BadMessage),
        (b"[" * 17 + b"]" * 17, BadMessage),
        (b'{"a":1,"a":1}', BadMessage),
        (b'{"a":NaN}', BadMessage),
        (b'{"a":-Infinity}', BadMessage),
        (b'{"a":1e999}', BadMessage),
        (b'{"a":' + b"9" * 5000 + b"}", BadMessage),
        (b'"\\ud800"', BadMessage),
        (b'"\\u0000"', BadMessage),
        (b'{"\\u0000":1}', BadMessage),
        (b"\xff", BadMessage),
        (b'"' + b"x" * wire.MOST_BYTES + b'"', TooLarge),
    ],
)
def test_bytes_that_no_program_may_take_are_refused(raw, error):
    with pytest.raises(error):
        wire.decode(raw)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=40, deadline=None)
@given(value=values)
def test_any_value_is_read_or_a_protocol_error(name, value):
    quietly(READERS[name], value)


@pytest.fixture(scope="module")
def genuine(tmp_path_factory):
    """One real document for each reader that has one, as it goes over the wire."""
    table = Table(tmp_path_factory.mktemp("bank"))
    now = table.bank.clock.now()
    reply = SyncReply(bank=BANK, boot_id=1, cursor=0, list_etag="x", server_time=now, next_ms=1)
    events, responses = table.journal.unsent(10)
    request = SyncRequest(
        bank=BANK,
        boot_id=1,
        clock=table.bank.clock.report(),
        list_etag=None,
        snapshot=snapshots.take(table.bank),
        events=events,
        responses=responses,
    )
    documents = {
        "request": request.as_document(),
        "reply": reply.sign(SERVER_KEY, KID),
        "connection": Connection(bank=BANK, generation=1, boot_id=1, online=True).as_document(),
        "command": table.command(compartment="A1").sign(SERVER_KEY, KID),
        "list": signed_list(*leg_entries()),
        "unsigned list": signed_list(*leg_entries()),
    }
    return json.loads(json.dumps(documents))


def spoilt(genuine: dict, data: st.DataObject) -> dict:
    """A copy with one field, at any depth, replaced."""
    document = json.loads(json.dumps(genuine))
    place = document
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        inner = place[key]
        if isinstance(inner, dict | list) and inner and data.draw(st.booleans()):
            place = inner
            continue
        place[key] = data.draw(values)
        return document


@pytest.mark.parametrize("name", ["request", "reply", "connection", "command", "list", "unsigned list"])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_genuine_document_with_one_spoilt_field_is_read_or_a_protocol_error(genuine, name, data):
    quietly(READERS[name], spoilt(genuine[name], data))


SIGNED = {"reply": READERS["reply"], "list": READERS["list"], "command": READERS["signed command"]}


@pytest.mark.parametrize("name", SIGNED)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_signed_document_that_was_altered_is_never_accepted(genuine, name, data):
    document = spoilt(genuine[name], data)
    assume(json.dumps(document, sort_keys=True) != json.dumps(genuine[name], sort_keys=True))

    SIGNED[name](genuine[name])
    with pytest.raises(ProtocolError):
        SIGNED[name](document)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_bank_that_is_told_nonsense_opens_nothing_and_goes_on(busy, data):
    order = json.loads(json.dumps(busy.command(compartment="A1", leg=None).sign(SERVER_KEY, KID)))
    document = data.draw(values) if data.draw(st.booleans()) else spoilt(order, data)
    assume(document != order)
    before = len(busy.pulses())

    busy.bank.remote.apply(document)
    busy.bank.tick()

    assert len(busy.pulses()) == before


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """A bank that hears nonsense all the time, and still obeys afterwards."""
    table = Table(tmp_path_factory.mktemp("busy"))
    yield table
    table.order(table.command(compartment="A1", leg=None))
    assert table.pulses() == ["A1"]


@settings(max_examples=200, deadline=None)
@given(
    text=st.text(max_size=300)
    | st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", max_size=300).map("L1:".__add__)
)
def test_any_scanned_text_is_a_token_or_a_protocol_error(text):
    quietly(lambda value: tokens.decode(value, KEYS, BANK), text)


@settings(max_examples=100, deadline=None)
@given(place=st.integers(0, 145), letter=st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"))
def test_a_scan_with_one_wrong_letter_opens_nothing(place, letter):
    text = collect_token()
    spoilt = text[:place] + letter + text[place + 1 :]

    try:
        token = tokens.decode(spoilt, KEYS, BANK)
    except ProtocolError:
        return
    assert spoilt == text
    assert token.purpose is Purpose.COLLECT
