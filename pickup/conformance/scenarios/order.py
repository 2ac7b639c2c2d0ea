"""The life of an order at the bank: shops bring, the resident takes, with and without the server."""

from pickup.conformance.papers import LEG, collect_pin, deposit_pin
from pickup.conformance.rehearsal import Interruption, Rehearsal
from pickup.protocol.vocabulary import Purpose

from . import SURVIVES_BOTH, scenario

BAKER, GROCER, FLORIST = 10, 11, 12
HALF_A_DAY = 12 * 3600


def deposits(stage: Rehearsal) -> list[tuple]:
    """Who deposited, where, and the how manieth parcel it was, as the server knows it."""
    return [(data["shop"], data["compartment"], data["deposited"]) for data in stage.server.events("deposit.confirmed")]


def claimed(stage: Rehearsal) -> list[list[int]]:
    """The legs that residents said to have taken."""
    return [data["legs"] for data in stage.server.events("claim")]


@scenario(*SURVIVES_BOTH)
def three_shops_one_door(stage: Rehearsal) -> None:
    """S1 | three shops, one door, normal course
    | three attributed deposits, sealed, `ready`, one PIN, claim, `collected`"""
    stage.server.authorise(*stage.papers.leg_entries((BAKER, GROCER, FLORIST)))
    stage.talk()

    door = stage.deposit(deposit_pin(BAKER))
    stage.deposit(deposit_pin(GROCER))
    stage.refused_with("not_ready", stage.keypad.enter(collect_pin()))
    stage.middle()
    stage.deposit(deposit_pin(FLORIST))
    stage.refused_with("used", stage.keypad.enter(stage.papers.deposit_token(13)))
    stage.collect(collect_pin())
    stage.heal()

    stage.equal("deposits", deposits(stage), [(BAKER, door, 1), (GROCER, door, 2), (FLORIST, door, 3)])
    stage.equal("claims", claimed(stage), [[LEG]])
    stage.equal("pulses", stage.wall.pulses, [door] * 4)


@scenario(Interruption.KILLED, offline=True)
def never_heard_of_the_order(stage: Rehearsal) -> None:
    """S2 | bank offline since before the order
    | deposit QR teaches the reservation; the PIN collects; server catches up from the outbox"""
    door = stage.deposit(stage.papers.deposit_token(BAKER, parcels=2))
    stage.refused_with("not_ready", stage.keypad.enter(collect_pin()))
    stage.deposit(stage.papers.deposit_token(GROCER, parcels=2))
    stage.middle()
    stage.collect(collect_pin())
    stage.true("The server has heard nothing yet.", not stage.server.stored)
    stage.heal()

    stage.equal("deposits", deposits(stage), [(BAKER, door, 1), (GROCER, door, 2)])
    stage.equal("claims", claimed(stage), [[LEG]])
    accepted = [(data["purpose"], data["offline"]) for data in stage.server.events("credential.accepted")]
    stage.equal("credentials", accepted, [("deposit", True), ("deposit", True), ("collect", True)])


@scenario(Interruption.KILLED)
def too_large(stage: Rehearsal) -> None:
    """S18 | too large, other shop's goods already inside
    | *Larger*: both doors open, move confirmed, same code; or overflow leg"""
    stage.server.authorise(*stage.papers.leg_entries((BAKER, GROCER)))
    stage.talk()
    small = stage.deposit(deposit_pin(BAKER))

    stage.accepted(deposit_pin(GROCER))
    stage.equal("the door that opens first", stage.opened(), small)
    stage.shut(small)
    stage.refused_with(None, stage.keypad.deposit("larger"))
    large = stage.opened()
    stage.true("Both doors are open while the goods are carried over.", stage.wall.is_open(small))
    stage.refused_with(None, stage.keypad.deposit("deposited"))
    stage.shut(small)
    stage.shut(large)
    stage.keypad.finish()
    stage.middle()
    taken_from = stage.collect(collect_pin())
    stage.heal()

    moved = [(data["leg"], data["from"], data["to"]) for data in stage.server.events("deposit.larger")]
    stage.equal("moves", moved, [(LEG, small, large)])
    stage.equal("deposits", deposits(stage), [(BAKER, small, 1), (GROCER, large, 2)])
    stage.equal("the door that the PIN opens", taken_from, large)


@scenario(Interruption.KILLED)
def one_shop_never_comes(stage: Rehearsal) -> None:
    """S19 | shop B never deposits
    | `partial_ready`, resident told, B's parcel to counter or refund"""
    both = stage.papers.leg_entries((BAKER, GROCER))
    stage.server.authorise(*both)
    stage.talk()
    door = stage.deposit(deposit_pin(BAKER))
    stage.refused_with("not_ready", stage.keypad.enter(collect_pin()))

    stage.server.authorise(stage.papers.entry(Purpose.COLLECT, parcels_expected=1))
    stage.talk()
    stage.middle()
    stage.refused_with("unknown", stage.keypad.enter(deposit_pin(GROCER)))
    taken_from = stage.collect(collect_pin())
    stage.heal()

    stage.equal("the door that the PIN opens", taken_from, door)
    stage.equal("deposits", deposits(stage), [(BAKER, door, 1)])
    stage.equal("claims", claimed(stage), [[LEG]])


@scenario(Interruption.KILLED, minutes=722)
def half_a_day_without_network(stage: Rehearsal) -> None:
    """S24 | 12-h outage
    | local collection works; windows extended by rule 7.5, messages sent"""
    first = stage.papers.leg_entries((BAKER,))
    second = stage.papers.leg_entries((GROCER,), reservation=2, leg=LEG + 1)
    stage.server.authorise(*first, *second)
    stage.talk()
    stage.deposit(deposit_pin(BAKER))
    stage.line.cut()
    stage.wait(HALF_A_DAY, step=120)
    stage.middle()

    stage.collect(collect_pin())
    stage.deposit(deposit_pin(GROCER, reservation=2))
    stage.collect(collect_pin(2))
    stage.heal()

    stage.equal("who deposited", [data["shop"] for data in stage.server.events("deposit.confirmed")], [BAKER, GROCER])
    stage.equal("claims", claimed(stage), [[LEG], [LEG + 1]])
    moments = [(event.boot_id, event.mono_ms) for event in stage.server.all_events()]
    stage.equal("the order of events", moments, sorted(moments))
