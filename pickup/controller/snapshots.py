"""What the server is told of the whole wall."""

from typing import TYPE_CHECKING

from pickup.protocol.messages import CompartmentState, Snapshot

if TYPE_CHECKING:
    from .bank import Bank

FIRMWARE = "halles-controller 1"


def take(bank: "Bank") -> Snapshot:
    """Return the bank as it is now: its keypad, each compartment with the leg behind it, its zones."""
    with bank.lock:
        taken = bank.legs.taken_compartments()
        return Snapshot(
            fw=FIRMWARE,
            pin_channel=bank.throttle.channel(),
            compartments=tuple(_compartment(bank, name, taken.get(name)) for name in bank.wall.compartments),
            zones=bank.zones.states(),
        )


def _compartment(bank: "Bank", name: str, leg: int | None) -> CompartmentState:
    fitness = bank.wall.fitness(name)
    return CompartmentState(
        id=name,
        door=bank.doors.state(name),
        svc=fitness.svc,
        why=fitness.why,
        leg=leg,
        ir=bank.doors.presence(name),
    )
