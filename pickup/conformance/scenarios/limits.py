"""Wrong clocks, wrong PINs, wrong lists: what must not be believed."""

from datetime import timedelta

from pickup.conformance.papers import LEG, collect_pin, deposit_pin, wrong_pins
from pickup.conformance.rehearsal import Interruption, Rehearsal

from . import SURVIVES_BOTH, scenario
from .collecting import ready
from .order import claimed

FREE_TRIES, ALERT_AT, CLOSED_AT = 3, 10, 30


@scenario(wrong_clock=True)
def clock_one_day_wrong(stage: Rehearsal) -> None:
    """S14 | clock one day wrong
    | collection works (`exp` ignored, `nbf` as Open 5), service tokens refused, `clock.unsynced`;
    time never steps below last trusted"""
    legs = {1: LEG, 2: LEG + 1}
    for reservation, leg in legs.items():
        stage.server.authorise(*stage.papers.leg_entries(reservation=reservation, leg=leg))
        stage.talk()
        stage.deposit(deposit_pin(reservation=reservation))
    stage.talk()
    trusted = stage.clock.now() - timedelta(seconds=10)
    known = len(stage.server.stored)

    stage.line.cut()
    for reservation, fault in ((1, timedelta(days=-1)), (2, timedelta(days=1))):
        stage.clock.go_wrong(fault)
        stage.power_cut()
        stage.wait(2)
        stage.refused_with("clock_unsure", stage.keypad.enter(stage.papers.service_token()))
        stage.collect(collect_pin(reservation))
    stage.heal()

    stage.equal("claims", claimed(stage), [[LEG], [LEG + 1]])
    later = stage.server.all_events()[known:]
    stage.true("No event is dated before the last trusted time.", all(event.at >= trusted for event in later))
    stage.true("The bank says that its clock is unsure.", bool(stage.server.events("clock.unsynced")))


@scenario(*SURVIVES_BOTH, minutes=125)
def flood_of_wrong_pins(stage: Rehearsal) -> None:
    """S16 | flood of wrong PINs
    | delays, alert at 10, PIN channel closed at 30; QR still works"""
    door = ready(stage)
    for number, pin in enumerate(wrong_pins(CLOSED_AT), start=1):
        stage.refused_with("unknown", _enter_patiently(stage, pin))
        if number == FREE_TRIES:
            stage.refused_with("waiting", stage.keypad.enter(collect_pin()))
        if number == CLOSED_AT // 2:
            stage.middle()
    stage.refused_with("channel_closed", stage.keypad.enter(collect_pin()))
    stage.equal("the door that the QR code opens", stage.collect(stage.papers.collect_token()), door)
    stage.heal()

    alerts = [data for data in stage.server.events("alert") if data["why"] == "wrong_pins"]
    stage.true("Somebody is called after ten wrong PINs.", bool(alerts))
    closed = [data for data in stage.server.events("lockout.started") if data["seconds"] is None]
    stage.equal("closings of the PIN channel", len(closed), 1)
    stage.equal("PIN channel in the snapshot", stage.server.snapshot.pin_channel, "closed")
    tried = [data["why"] for data in stage.server.events("credential.rejected")]
    stage.equal("wrong PINs in the audit", tried.count("unknown"), CLOSED_AT)


def _enter_patiently(stage: Rehearsal, pin: str) -> str | None:
    refusal = stage.keypad.enter(pin)
    waited = 0
    while refusal == "waiting" and waited < 600:
        stage.wait(30, step=30)
        waited += 30
        refusal = stage.keypad.enter(pin)
    return refusal


@scenario(Interruption.KILLED)
def older_list(stage: Rehearsal) -> None:
    """S23 | list with lower `list_seq`
    | rejected + alert; old list stays"""
    ready(stage)
    stage.server.authorise(*stage.papers.leg_entries())
    stage.talk()
    good = stage.server.list

    stage.server.list = stage.papers.signed_list(*stage.papers.leg_entries((12,), reservation=2, leg=99), seq=1)
    stage.wait(10)
    stage.heal()
    stage.middle()
    stage.refused_with("unknown", stage.keypad.enter(deposit_pin(12, reservation=2)))
    stage.collect(collect_pin())
    stage.server.list = good
    stage.heal()

    stage.true("The bank calls for somebody.", "old_list" in stage.server.alerts())
    stage.equal("list in force at the bank", stage.server.requests[-1].list_etag, good["etag"])
