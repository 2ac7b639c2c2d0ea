"""What each event of a bank means here: one function per event type, all others are only kept."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from pickup import collections
from pickup.banks import rows, seals
from pickup.capacity import recount
from pickup.collections import cold, doors, outages
from pickup.models import Bank, BankCommand, BankEvent, Collection, Compartment, Leg, Parcel, Problem, Zone
from pickup.protocol import fields
from pickup.protocol.vocabulary import EventType, Outcome, Phase, Purpose, Service, Temperature

LONGEST_EXCURSION_SECONDS = 30 * 24 * 3600
MOST_DOORS = 400
INSPECTED = "inspected"
OPENED = {Outcome.OPENED, Outcome.OPENED_UNVERIFIED}
REMARKS = {
    "missing": Problem.Kind.SOMETHING_MISSING,
    "wrong": Problem.Kind.WRONG_GOODS,
    "damaged": Problem.Kind.DAMAGED,
}


class Unknown(Exception):
    """The event names a compartment, leg, shop or command that this bank does not have."""


def apply(bank: Bank, event: BankEvent) -> None:
    """Draw the conclusions from one event.

    Raises `Unknown`, `BadMessage`, `ForbiddenMove` or `PickupError` when it does not fit what we know.
    """
    effect = EFFECTS.get(event.type)
    if effect is not None:
        effect(bank, event)


def _door_opened(bank: Bank, event: BankEvent) -> None:
    if fields.choice(event.data, "outcome", Outcome) not in OPENED:
        return
    compartment = _compartment(bank, event.data)
    _set_door(compartment, Compartment.Door.OPEN)
    if event.data.get("purpose") == "clear" and event.data.get("leg") is not None:
        leg = _leg(bank, event.data["leg"])
        if doors.leave(leg, compartment):
            collections.move_to_counter(leg, reason="cleared")


def _door_closed(bank: Bank, event: BankEvent) -> None:
    _set_door(_compartment(bank, event.data), Compartment.Door.CLOSED)


def _door_unknown(bank: Bank, event: BankEvent) -> None:
    _set_door(_compartment(bank, event.data), Compartment.Door.UNKNOWN)


def _door_forced(bank: Bank, event: BankEvent) -> None:
    compartment = _compartment(bank, event.data)
    _set_door(compartment, Compartment.Door.OPEN)
    Compartment.objects.filter(pk=compartment.pk).update(contents=Compartment.Contents.SUSPECT)


def _deposited(bank: Bank, event: BankEvent) -> None:
    leg = _leg(bank, event.data.get("leg"))
    shop = fields.number(event.data, "shop")
    parcel = Parcel.objects.filter(leg=leg, shop_order__shop=shop).select_related("leg__collection").first()
    if parcel is None:
        raise Unknown(f"Leg {leg.pk} waits for nothing from shop {shop}.")
    verified = event.data.get("verified") is not False
    collections.deposit(parcel, compartment=_compartment(bank, event.data), at=event.at, verified=verified)
    leg.refresh_from_db()
    if leg.status in Leg.INSIDE:
        _keep_doors(leg, event)


def _declined(bank: Bank, event: BankEvent) -> None:
    """What was opened for this shop and not used is free again."""
    if event.data.get("leg") is not None:
        _keep_doors(_leg(bank, event.data["leg"]), event)


def _larger(bank: Bank, event: BankEvent) -> None:
    """Nothing has moved yet: until the shop has said "deposited", the goods may be behind both doors."""
    if event.data.get("to") is not None:
        compartment = _compartment(bank, event.data, name="to")
        Compartment.objects.filter(pk=compartment.pk).update(contents=Compartment.Contents.OCCUPIED)
    _keep_doors(_leg(bank, event.data.get("leg")), event)


def _moved(bank: Bank, event: BankEvent) -> None:
    leg, to = _leg(bank, event.data.get("leg")), _compartment(bank, event.data, name="to")
    if leg.compartment is None or leg.compartment.label == event.data.get("from"):
        collections.move_parcels(leg, to)
    _keep_doors(leg, event)


def _claimed(bank: Bank, event: BankEvent) -> None:
    for pk in fields.items(event.data, "legs", lambda leg: leg, most=50):
        collections.collect(_leg(bank, pk), at=event.at)
    _empty(bank, event)


def _left(bank: Bank, event: BankEvent) -> None:
    collections.collect(_leg(bank, event.data.get("leg")), at=event.at)
    _empty(bank, event)


def _remarked(bank: Bank, event: BankEvent) -> None:
    code, leg = event.data.get("code"), _leg(bank, event.data.get("leg"))
    if code == "not_empty":
        doubted = bank.compartments.filter(pk__in=leg.door_ids, label=str(event.data.get("compartment")))
        doubted = doubted or bank.compartments.filter(pk=leg.compartment_id)
        doubted.update(contents=Compartment.Contents.SUSPECT)
    elif code in REMARKS:
        collections.report_problem(leg.collection, kind=REMARKS[code], leg=leg)


def _accepted(bank: Bank, event: BankEvent) -> None:
    if event.data.get("purpose") == Purpose.SHARE:
        number, jti = fields.number(event.data, "reservation"), fields.text(event.data, "jti", longest=32)
        collection = Collection.objects.filter(code_bank=bank, number=number).first()
        if collection is None:
            raise Unknown(f"This bank has no reservation {number}.")
        collections.note_use(collection, jti, at=event.at)


def _zone_recorded(bank: Bank, event: BankEvent) -> None:
    coldest, warmest = _celsius(event.data, "min"), _celsius(event.data, "max")
    count = fields.number(event.data, "n") if coldest is not None and warmest is not None else 0
    cold.record(_zone(bank, event.data), at=event.at, coldest=coldest, warmest=warmest, count=count)


def _excursion_started(bank: Bank, event: BankEvent) -> None:
    seconds = fields.number(event.data, "seconds", most=LONGEST_EXCURSION_SECONDS)
    cold.begin_excursion(_zone(bank, event.data), since=event.at - timedelta(seconds=seconds))


def _excursion_ended(bank: Bank, event: BankEvent) -> None:
    coldest, warmest = _celsius(event.data, "min"), _celsius(event.data, "max")
    cold.end_excursion(_zone(bank, event.data), at=event.at, coldest=coldest, warmest=warmest)


def _bus_lost(bank: Bank, event: BankEvent) -> None:
    if event.data.get("board") is None:  # one board of several leaves the others' doors working
        outages.begin(bank, event.at)


def _bus_recovered(bank: Bank, event: BankEvent) -> None:
    if event.data.get("board") is None:
        outages.end(bank, event.at)


def _service_changed(bank: Bank, event: BankEvent) -> None:
    compartment = _compartment(bank, event.data)
    compartment.service = str(fields.choice(event.data, "state", Service))
    compartment.service_reason = event.data.get("why") or ""
    if event.data.get("why") == INSPECTED and not Leg.objects.behind(pk=compartment.pk).exists():
        compartment.contents = Compartment.Contents.EMPTY  # a person stood before the open door
    compartment.save(update_fields=["service", "service_reason", "contents"])
    recount(bank)


def _sealed(bank: Bank, event: BankEvent) -> None:
    fault = seals.fault(bank, event)
    if fault:
        raise Unknown(fault)


def settle_commands(events: list[BankEvent]) -> None:
    """Write the outcomes of commands, of many banks at once: the first final one counts."""
    now = timezone.now()
    wanted = {event.data["command_id"] for event in events}
    commands = {(each.bank_id, each.command_id): each for each in BankCommand.objects.filter(command_id__in=wanted)}
    settled = []
    for event in events:
        event.applied_at = now
        command = commands.get((event.bank_id, event.data["command_id"]))
        if command is None:
            event.problem = f"No command {event.data['command_id']} was sent to this bank."
        elif event.data["phase"] == Phase.FINAL and not command.outcome and event.data["outcome"]:
            command.outcome, command.detail = event.data["outcome"], event.data["detail"]
            settled.append(command)
    rows.save(settled, ["outcome", "detail"])
    BankEvent.objects.filter(pk__in=[event.pk for event in events if not event.problem]).update(applied_at=now)
    rows.save([event for event in events if event.problem], ["applied_at", "problem"])


EFFECTS = {
    EventType.CREDENTIAL_ACCEPTED: _accepted,
    EventType.DOOR_OPENED: _door_opened,
    EventType.DOOR_CLOSED: _door_closed,
    EventType.DOOR_UNKNOWN: _door_unknown,
    EventType.DOOR_UNCOMMANDED_OPEN: _door_forced,
    EventType.DEPOSIT_CONFIRMED: _deposited,
    EventType.DEPOSIT_DECLINED: _declined,
    EventType.DEPOSIT_LARGER: _larger,
    EventType.DEPOSIT_MOVED: _moved,
    EventType.CLAIM: _claimed,
    EventType.CLAIM_TIMEOUT: _left,
    EventType.REMARK: _remarked,
    EventType.COMPARTMENT_SERVICE: _service_changed,
    EventType.AUDIT_SEALED: _sealed,
    EventType.ZONE_TEMPERATURE: _zone_recorded,
    EventType.ZONE_EXCURSION_STARTED: _excursion_started,
    EventType.ZONE_EXCURSION_ENDED: _excursion_ended,
    EventType.BUS_UNREACHABLE: _bus_lost,
    EventType.BUS_RECOVERED: _bus_recovered,
}


def _empty(bank: Bank, event: BankEvent) -> None:
    """Nothing is left behind the doors of the leg; one that somebody doubts stays in doubt."""
    labels = fields.items({"compartments": [], **event.data}, "compartments", str, most=MOST_DOORS)
    taken = bank.compartments.filter(label__in=labels, contents=Compartment.Contents.OCCUPIED)
    taken.update(contents=Compartment.Contents.EMPTY)


def _keep_doors(leg: Leg, event: BankEvent) -> None:
    """The bank says with each step of a deposit behind which doors the leg is; an old one says nothing."""
    if "compartments" in event.data:
        doors.keep(leg, fields.items(event.data, "compartments", str, most=MOST_DOORS))


def _set_door(compartment: Compartment, door: str) -> None:
    Compartment.objects.filter(pk=compartment.pk).update(door=door)


def _compartment(bank: Bank, data: dict, name: str = "compartment") -> Compartment:
    label = fields.text(data, name, longest=20)
    compartment = Compartment.objects.filter(bank=bank, label=label).first()
    if compartment is None:
        raise Unknown(f"This bank has no compartment {label}.")
    return compartment


def _zone(bank: Bank, data: dict) -> Zone:
    """The bank's zone of the class that the event names: there is one of each."""
    temperature = fields.choice(data, "class", Temperature)
    zone = Zone.objects.select_related("bank").filter(bank=bank, temperature=temperature).first()
    if zone is None:
        raise Unknown(f"This bank has no {temperature} zone.")
    return zone


def _celsius(data: dict, name: str) -> Decimal | None:
    reading = fields.optional(fields.decimal, data, name, least=-99, most=99)
    return None if reading is None else Decimal(str(round(reading, 1)))


def _leg(bank: Bank, pk: object) -> Leg:
    """A leg of this bank, never one of another: by its number, if the order's code is of this bank."""
    legs = Leg.objects.select_related("collection", "compartment").filter(collection__code_bank=bank)
    leg = legs.filter(pk=pk).first() if isinstance(pk, int) else None
    if leg is None:
        raise Unknown(f"This bank has no leg {pk}.")
    return leg
