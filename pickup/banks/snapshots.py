"""The bank as it says it is now."""

from decimal import Decimal

from django.utils import timezone

from pickup.capacity import recount
from pickup.models import Bank, BankCommand, Compartment, Leg, Zone
from pickup.protocol.messages import CompartmentState, Snapshot, ZoneState
from pickup.protocol.vocabulary import CommandType, Presence


def read(bank: Bank, snapshot: Snapshot) -> None:
    """Write the doors, services and zones of the snapshot. Later snapshots replace earlier ones."""
    bank.snapshot = {
        "fw": snapshot.fw,
        "pin_channel": snapshot.pin_channel,
        "zones": [zone.as_document() for zone in snapshot.zones],
    }
    bank.save(update_fields=["snapshot"])
    _update_zones(bank, snapshot.zones)
    commanded = _commanded(bank)
    known = {compartment.label: compartment for compartment in Compartment.objects.filter(bank=bank)}
    services_before = {label: compartment.service for label, compartment in known.items()}
    changed = [
        known[state.id]
        for state in snapshot.compartments
        if state.id in known and _update(known[state.id], state, keep_service=state.id in commanded)
    ]
    Compartment.objects.bulk_update(changed, ["door", "service", "service_reason"])
    _doubt(bank, snapshot)
    if any(compartment.service != services_before[compartment.label] for compartment in changed):
        recount(bank)


def _update(compartment: Compartment, state: CompartmentState, *, keep_service: bool) -> bool:
    """Whether anything of the compartment is new."""
    before = (compartment.door, compartment.service)
    compartment.door = str(state.door)
    if not keep_service and compartment.service != state.svc:
        compartment.service, compartment.service_reason = str(state.svc), state.why or ""
    return before != (compartment.door, compartment.service)


def _doubt(bank: Bank, snapshot: Snapshot) -> None:
    """Something lies where nothing should: nobody's goods, yet the sensor inside sees them."""
    seen = [state.id for state in snapshot.compartments if state.ir is Presence.OCCUPIED and state.leg is None]
    nobodys = Compartment.objects.filter(bank=bank, label__in=seen, contents=Compartment.Contents.EMPTY)
    nobodys.exclude(legs__status__in=Leg.INSIDE).exclude(more_of__leg__status__in=Leg.INSIDE).update(
        contents=Compartment.Contents.SUSPECT
    )


def _update_zones(bank: Bank, states: tuple[ZoneState, ...]) -> None:
    """Keep the last reading of each zone; none, when its probe cannot be read."""
    readings = {state.temperature: state.c for state in states}
    zones = [zone for zone in Zone.objects.filter(bank=bank) if zone.temperature in readings]
    for zone in zones:
        reading = readings[zone.temperature]
        zone.last_c = None if reading is None else Decimal(str(round(reading, 1)))
    Zone.objects.bulk_update(zones, ["last_c"])


def _commanded(bank: Bank) -> set[str]:
    """Compartments whose service we have commanded and the bank has not confirmed: ours stands until then."""
    commands = BankCommand.objects.filter(bank=bank, type=CommandType.COMPARTMENT_SERVICE)
    return {command.data["compartment"] for command in commands.unanswered(timezone.now())}
