"""Somebody whom the resident has sent, in front of a bank that may be cut off."""

import pytest

from pickup.controller.bank import Refused
from pickup.protocol import codes, tokens
from pickup.protocol.vocabulary import Purpose

from .kit import BANK, KID, PIN_KEY, SERVER_KEY, collect_pin, entry, leg_entries

JTI = "0a0b0c0d0e0f"
SHARE_PIN = "48134817"


def share_entry(**more):
    listed = {"entry": 9000, "leg": 71, "jti": JTI, "pin_mac": codes.pin_mac(PIN_KEY, SHARE_PIN), "compartment": "A1"}
    return entry(Purpose.SHARE, **{**listed, **more})


def share_token(jti=JTI):
    token = tokens.Token(purpose=Purpose.SHARE, bank=BANK, reservation=1, leg=0, nbf=0, exp=2**31, jti=jti)
    return tokens.encode(token, SERVER_KEY, KID)


def goods_inside(*more):
    """A sealed leg that the resident may collect."""
    return (entry(Purpose.COLLECT, entry=7100, compartment="A1"), *more)


@pytest.mark.parametrize("shown", [SHARE_PIN, share_token()])
def test_the_person_sent_opens_and_the_audit_names_the_share(table, shown):
    table.apply(*goods_inside(share_entry()))

    visit = table.bank.enter(shown)

    assert (visit.purpose, table.pulses()) == (Purpose.COLLECT, ["A1"])
    accepted = table.events("credential.accepted")[-1]
    assert (accepted["purpose"], accepted["jti"], accepted["reservation"]) == ("share", JTI, 1)


def test_the_resident_is_not_taken_for_the_person_sent(table):
    table.apply(*goods_inside(share_entry()))

    table.bank.enter(collect_pin())

    accepted = table.events("credential.accepted")[-1]
    assert (accepted["purpose"], accepted["jti"]) == ("collect", None)


@pytest.mark.parametrize(("shown", "why"), [(SHARE_PIN, "unknown"), (share_token(), "revoked")])
def test_a_withdrawn_share_opens_nothing_once_the_bank_has_heard(table, shown, why):
    """S15, on line."""
    table.apply(*goods_inside(share_entry()))
    table.apply(*goods_inside(), seq=2, revoked=(JTI,))

    with pytest.raises(Refused) as refused:
        table.bank.enter(shown)

    assert (refused.value.why, table.pulses()) == (why, [])


def test_a_withdrawn_share_opens_while_the_bank_has_not_heard_and_says_so(table):
    """S15, off line."""
    table.apply(*goods_inside(share_entry()))
    table.wait(120, step=30)

    table.bank.enter(share_token())

    accepted = table.events("credential.accepted")[-1]
    assert (table.pulses(), accepted["offline"], accepted["jti"]) == (["A1"], True, JTI)


def test_a_share_opens_nothing_before_the_goods_are_there(table):
    table.apply(*leg_entries(), share_entry(compartment=None))

    with pytest.raises(Refused) as refused:
        table.bank.enter(SHARE_PIN)

    assert (refused.value.why, table.pulses()) == ("not_ready", [])
