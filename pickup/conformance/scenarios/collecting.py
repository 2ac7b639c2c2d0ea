"""When a leg counts as collected, and who may no longer collect it."""

from pickup.conformance.papers import LEG, collect_pin, deposit_pin
from pickup.conformance.rehearsal import Interruption, Rehearsal

from . import SURVIVES_BOTH, scenario
from .order import claimed

A_MINUTE = 60
SHARE = "0c011ec70000"


def ready(stage: Rehearsal) -> str:
    """A leg of one shop lies behind its door. Returns the compartment."""
    stage.server.authorise(*stage.papers.leg_entries())
    stage.talk()
    return stage.deposit(deposit_pin())


@scenario(*SURVIVES_BOTH, minutes=20)
def closed_without_taking(stage: Rehearsal) -> None:
    """S20 | resident closes without taking, re-opens in grace
    | leg stays open; no new code; completes only on claim or rule 2.7"""
    door = ready(stage)
    stage.middle()

    stage.accepted(collect_pin())
    stage.opened()
    stage.shut(door)
    stage.wait(A_MINUTE, step=2)
    stage.refused_with(None, stage.keypad.reopen())
    stage.opened()
    stage.shut(door)
    stage.keypad.finish()
    stage.wait(2 * A_MINUTE, step=2)
    stage.heal()
    closings = [event for event in stage.server.all_events() if event.type == "door.closed"]
    completions = [event for event in stage.server.all_events() if event.type == "claim.timeout"]
    stage.equal("completions", [event.data["leg"] for event in completions], [LEG])
    stage.true(
        "The 90 seconds begin anew with the second closing.",
        completions[0].mono_ms - closings[-1].mono_ms >= 90_000,
    )

    stage.accepted(collect_pin())
    stage.equal("the door in grace", stage.opened(), door)
    stage.shut(door)
    stage.keypad.finish()
    stage.wait(16 * A_MINUTE, step=10)
    stage.refused_with("collected", stage.keypad.enter(collect_pin()))
    stage.equal("claims", claimed(stage), [])


@scenario(Interruption.KILLED, minutes=4)
def revoked_share(stage: Rehearsal) -> None:
    """S15 | revoked share
    | online: refused; offline before the list arrived: opens, and the audit says so"""
    entries = stage.papers.leg_entries(), stage.papers.leg_entries(reservation=2, leg=LEG + 1)
    stage.server.authorise(*entries[0], *entries[1])
    stage.talk()
    stage.deposit(deposit_pin())
    stage.deposit(deposit_pin(reservation=2))
    share, other = stage.papers.collect_token(), stage.papers.collect_token(reservation=2, jti="0c011ec70002")

    stage.server.authorise(*entries[0], *entries[1], revoked=[SHARE])
    stage.talk()
    stage.middle()
    stage.refused_with("revoked", stage.keypad.enter(share))
    stage.line.cut()
    stage.wait(2 * A_MINUTE, step=5)
    stage.server.authorise(*entries[0], *entries[1], revoked=[SHARE, "0c011ec70002"])
    stage.collect(other)
    stage.collect(collect_pin())
    stage.heal()

    uses = [(data["jti"], data["offline"]) for data in stage.server.events("credential.accepted") if data["jti"]]
    stage.equal("uses of shares in the audit", uses, [("0c011ec70002", True)])
    stage.equal("refusals", stage.server.events("credential.rejected"), [{"kind": "qr", "why": "revoked"}])
