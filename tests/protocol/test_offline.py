"""A bank without a server: tokens that teach, lists that must not go back, an uncertain clock."""

from datetime import timedelta

import pytest

from pickup.controller.bank import Refused
from pickup.controller.terms import State
from pickup.protocol import envelope, tokens
from pickup.protocol.errors import BadSignature
from pickup.protocol.vocabulary import Purpose, Size, Temperature

from .kit import (
    HOUR,
    KID,
    SERVER_KEY,
    START,
    collect_pin,
    collect_token,
    deposit_pin,
    deposit_token,
    entry,
    leg_entries,
    signed_list,
)


def test_deposit_token_teaches_the_bank_and_the_pin_collects(table):
    """S2: off line since before the order."""
    visit = table.bank.enter(deposit_token(temperature=Temperature.CHILLED, size=Size.S))
    table.confirm_all(visit)

    collecting = table.bank.enter(collect_pin())
    table.bank.claim(collecting.session)

    assert table.pulses() == ["C1", "C1"]
    assert [data["offline"] for data in table.events("credential.accepted")] == [True, True]
    assert table.events("deposit.confirmed") == [
        {
            "reservation": 1,
            "leg": 71,
            "shop": 10,
            "compartment": "C1",
            "verified": True,
            "deposited": 1,
            "expected": 1,
            "compartments": ["C1"],
        }
    ]
    assert table.events("claim") == [{"reservation": 1, "legs": [71], "compartments": ["C1"]}]


def test_second_shop_finds_the_same_door_by_its_own_token(table):
    table.confirm_all(table.bank.enter(deposit_token(10, parcels=2)))
    table.wait(1)

    table.confirm_all(table.bank.enter(deposit_token(11, parcels=2)))

    assert table.pulses() == ["A1", "A1"]
    assert table.bank.legs.find(71).state is State.SEALED


def test_used_deposit_token_opens_nothing(table):
    token = deposit_token(10, parcels=2)
    table.confirm_all(table.bank.enter(token))
    table.wait(16 * 60, step=30)
    before = table.pulses()

    with pytest.raises(Refused) as refused:
        table.bank.enter(token)

    assert refused.value.why == "used"
    assert table.pulses() == before


def test_what_was_taught_survives_a_restart(table):
    table.confirm_all(table.bank.enter(deposit_token()))

    table.restart()

    assert table.bank.enter(collect_pin()).current.compartment == "A1"


def test_list_that_learns_of_a_taught_leg_later_keeps_its_door(table):
    table.confirm_all(table.bank.enter(deposit_token(parcels=2)))

    table.apply(*leg_entries(shops=(10, 11), size=Size.L))
    table.wait(1)
    table.confirm_all(table.bank.enter(deposit_token(11, parcels=2)))

    assert table.pulses() == ["A1", "A1"]


def _foreign_token():
    token = tokens.Token(
        purpose=Purpose.COLLECT, bank="other", reservation=1, leg=0, nbf=0, exp=2**31, jti="000000000001"
    )
    return tokens.encode(token, SERVER_KEY, KID)


def _forged_token():
    token = tokens.Token(
        purpose=Purpose.COLLECT, bank="b7f3a", reservation=1, leg=0, nbf=0, exp=2**31, jti="000000000001"
    )
    return tokens.encode(token, envelope.read_private_key(envelope.new_private_key()), KID)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (_foreign_token(), "foreign"),
        (_forged_token(), "foreign"),
        ("L1:", "damaged"),
        ("L1:lower case", "damaged"),
        (deposit_token()[:-3], "damaged"),
        (deposit_token(nbf=int(START.timestamp()) + HOUR), "not_yet"),
        (deposit_token(exp=int(START.timestamp()) - HOUR), "expired"),
        (collect_token(), "not_ready"),
    ],
)
def test_useless_token_opens_nothing(table, text, why):
    table.bank.clock.learn(START)

    with pytest.raises(Refused) as refused:
        table.bank.enter(text)

    assert refused.value.why == why
    assert table.pulses() == []
    assert table.events("credential.rejected") == [{"kind": "qr", "why": why}]


def test_list_with_a_lower_number_is_not_applied(table):
    """S23."""
    table.apply(*leg_entries(), seq=5)

    accepted = table.apply(seq=4)
    same_number_other_content = table.apply(seq=5)

    assert (accepted, same_number_other_content) == (False, False)
    assert table.bank.access.list.list_seq == 5
    assert len(table.bank.access.list.entries) == 2


def test_list_number_is_remembered_over_a_restart(table):
    table.apply(*leg_entries(), seq=5)

    table.restart()

    assert table.apply(seq=4) is False
    assert len(table.bank.access.list.entries) == 2


def test_changed_list_is_not_applied(table):
    document = signed_list(*leg_entries())
    document["entries"][0]["compartment"] = "A5"

    with pytest.raises(BadSignature):
        table.bank.access.apply(document)

    assert table.bank.access.list is None


def test_leg_without_goods_is_forgotten_when_the_list_drops_it(table):
    table.apply(*leg_entries())
    visit = table.bank.enter(deposit_pin(10))
    table.bank.finish(visit.session)
    table.shut("A1")

    table.apply(entry(Purpose.COLLECT, entry=9, leg=99, reservation=9), seq=2)

    assert table.bank.legs.find(71) is None


def test_collection_works_with_a_clock_that_is_a_day_wrong(table):
    """S14."""
    table.apply(*leg_entries())
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    table.ticker.offset = timedelta(days=-1)

    table.restart()

    assert table.bank.clock.report().synced is False
    assert table.bank.enter(collect_pin()).current.compartment == "A1"


def test_time_never_goes_below_the_last_trusted_time(table):
    trusted = START + timedelta(hours=3)
    table.bank.clock.learn(trusted)

    table.bank.clock.learn(START)

    assert table.bank.clock.now() == trusted
