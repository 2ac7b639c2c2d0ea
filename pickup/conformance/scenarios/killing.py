"""The controller is killed at each moment around a pulse, whoever asked for it: the server, a shop, a resident."""

import contextlib
import threading
from collections.abc import Callable
from enum import StrEnum

from pickup.conformance.papers import KID, LEG, SERVER_KEY, collect_pin, deposit_pin
from pickup.conformance.rehearsal import Rehearsal
from pickup.protocol.vocabulary import Outcome

from . import scenario
from .order import claimed

SOMEBODY_ELSE = 9
MOST_STEPS = 100
EDGE_SECONDS = 1.5


class Moment(StrEnum):
    """When the controller is killed."""

    AT_ONCE = "as soon as it is asked"
    BEFORE = "asked for, before the pulse"
    AFTER = "after the pulse, before the acknowledgement"
    UNREPORTED = "after the acknowledgement, before the report"


@scenario(without_sensors=True)
def killed_around_the_pulse(stage: Rehearsal) -> None:
    """S4 | controller killed after the pulse, before the ack; also before and later, at a deposit and a collection
    | `unknown_after_restart`, no second pulse; the codes still open the door where the goods are"""
    for moment, door in zip(Moment, ("A1", "A2", "A3", "A4"), strict=True):
        with stage.naming(f"An order, killed {moment}"):
            _order(stage, moment, door)
    if not stage.wall.traits.sensors:
        return
    legs = {reservation: LEG + reservation for reservation in range(1, len(Moment) + 1)}
    entries = [stage.papers.leg_entries(reservation=number, leg=leg) for number, leg in legs.items()]
    entries.append(stage.papers.leg_entries(reservation=SOMEBODY_ELSE, leg=LEG + SOMEBODY_ELSE))
    stage.server.authorise(*(entry for leg in entries for entry in leg))
    stage.talk()
    for moment, reservation in zip(Moment, legs, strict=True):
        with stage.naming(f"A deposit, killed {moment}"):
            door = _deposit(stage, moment, reservation)
        with stage.naming(f"A collection, killed {moment}"):
            _collect(stage, moment, reservation, door)
    stage.heal()

    deposits = [data["leg"] for data in stage.server.events("deposit.confirmed")]
    stage.equal("deposits", sorted(deposits), [*legs.values(), LEG + SOMEBODY_ELSE])
    stage.equal("claims", claimed(stage), [[leg] for leg in legs.values()])


def _order(stage: Rehearsal, moment: Moment, door: str) -> None:
    """The server's order is done once or not at all, and what is not known is said to be unknown."""
    command, before = stage.command(door), len(stage.wall.pulses)

    _killed(stage, moment, lambda: stage.server.order(command.sign(SERVER_KEY, KID)), door)
    stage.heal()
    stage.send(command)

    first, *repeated = stage.finals(command)
    allowed = {
        Moment.AT_ONCE: {Outcome.UNKNOWN_AFTER_RESTART, stage.success},
        Moment.UNREPORTED: {stage.success},
    }.get(moment, {Outcome.UNKNOWN_AFTER_RESTART})
    stage.true(f"The final outcome is one of {', '.join(sorted(allowed))}, not {first[0]}.", first[0] in allowed)
    stage.equal("repetitions", set(repeated), {(first[0], None, True)})
    pulsed = stage.wall.pulses[before:]
    if moment in (Moment.AFTER, Moment.UNREPORTED) or first[0] == stage.success:
        stage.equal("pulses", pulsed, [door])
    elif moment is Moment.BEFORE:
        stage.equal("pulses", pulsed, [])
    else:
        stage.true(f"There is one pulse at most, not {len(pulsed)}.", pulsed in ([], [door]))
    stage.shut(door)


def _deposit(stage: Rehearsal, moment: Moment, reservation: int) -> str:
    """The shop puts its bag behind the door if that opened, and comes back with the same code. Returns the compartment."""
    before = len(stage.wall.pulses)
    _killed(stage, moment, lambda: _enter(stage, deposit_pin(reservation=reservation)))
    pulsed = stage.wall.pulses[before:]
    stage.true(f"There is one pulse at most, not {len(pulsed)}.", len(pulsed) <= 1)
    if pulsed:
        stage.shut(pulsed[0])
    stage.heal()
    stage.equal("pulses after the start", stage.wall.pulses[before:], pulsed)
    if moment is Moment.AFTER:
        other = stage.deposit(deposit_pin(reservation=SOMEBODY_ELSE))
        stage.true(f"Nobody else is sent to {pulsed[0]}, where the bag may be.", other != pulsed[0])

    door = stage.deposit(deposit_pin(reservation=reservation))
    if pulsed:
        stage.equal("the door that the same code opens", door, pulsed[0])
    stage.unsure.add(door)
    return door


def _collect(stage: Rehearsal, moment: Moment, reservation: int, door: str) -> None:
    """The resident comes back with the same PIN, and the leg counts once, when it is claimed."""
    known, before = claimed(stage), len(stage.wall.pulses)
    _killed(stage, moment, lambda: _enter(stage, collect_pin(reservation)))
    stage.heal()
    pulsed = stage.wall.pulses[before:]
    stage.true(f"There is one pulse of {door} at most, not of {pulsed}.", pulsed in ([], [door]))
    stage.equal("claims", claimed(stage), known)

    stage.equal("the door that the same PIN opens", stage.collect(collect_pin(reservation)), door)


def _enter(stage: Rehearsal, code: str) -> None:
    with contextlib.suppress(OSError):
        stage.keypad.enter(code)


def _killed(stage: Rehearsal, moment: Moment, ask: Callable[[], None], door: str | None = None) -> None:
    """Ask for a door, kill the controller at a moment of what follows, and start it again."""
    wall, controller, before = stage.wall, stage.controller, len(stage.wall.pulses)
    if moment is Moment.AT_ONCE:
        _ask_and_kill(stage, ask, is_order=door is not None)
    elif moment is Moment.UNREPORTED:
        wall.at_pulse = stage.line.cut
        ask()
        _wait_until(stage, lambda: len(wall.pulses) > before)
        stage.wait(EDGE_SECONDS)
        controller.kill()
    else:
        wall.at_request, wall.at_pulse = (controller.kill, None) if moment is Moment.BEFORE else (None, controller.kill)
        ask()
        _wait_until(stage, controller.has_ended)
    wall.at_request = wall.at_pulse = None
    if door:
        stage.unsure.add(door)
    controller.start()
    stage.wait(EDGE_SECONDS)


def _ask_and_kill(stage: Rehearsal, ask: Callable[[], None], *, is_order: bool) -> None:
    """Nobody knows how far it came: what holds then must hold whatever was done."""
    if is_order:
        heard = len(stage.server.requests)
        ask()
        _wait_until(stage, lambda: len(stage.server.requests) > heard)
        stage.controller.kill()
    else:
        person = threading.Thread(target=ask, daemon=True)
        person.start()
        stage.controller.kill()
        person.join()


def _wait_until(stage: Rehearsal, condition: Callable[[], bool]) -> None:
    for _ in range(MOST_STEPS):
        if condition():
            return
        stage.wait(0.5)
        stage.controller.has_ended(within_seconds=0.05)
    stage.true("The lock is asked for its pulse.", condition())
