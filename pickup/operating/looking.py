"""What a person saw who looked behind a door: believed, and followed by what it means for goods and compartment."""

from django.db import transaction

from pickup import collections
from pickup.collections.moving import lock
from pickup.errors import ChangedMeanwhile, NobodyLooked, NothingHere
from pickup.models import Alarm, Bank, Compartment, EmptyDoor, Leg, Problem, RoundCheck
from pickup.operating import acting, alarms


@transaction.atomic
def find_empty(compartment: Compartment, *, expected: int | None, why: str, by) -> EmptyDoor:
    """Nothing is behind this door. `expected`: the leg that the person was told is there, None for nobody's goods.

    Nobody's: the compartment is empty, and a block for a check ends. Somebody's: the order is disputed, shops and resident are
    told, and a person has to answer; the compartment stays theirs until it is known what became of the goods. An order that
    is still being filled cannot be disputed: an alarm rings instead. Raises `ChangedMeanwhile` when others' goods are there now.
    """
    Bank.objects.select_for_update().get(pk=compartment.bank_id)
    compartment.refresh_from_db()
    leg = Leg.objects.behind(pk=compartment.pk).select_related("collection").first()
    if (leg and leg.pk) != expected:
        raise ChangedMeanwhile
    seen = EmptyDoor.objects.create(compartment=compartment, leg=leg, why=why, by=by)
    if leg is None:
        believe(compartment, Compartment.Contents.EMPTY, by=by, ends=("check",))
    elif leg.status == Leg.Status.DEPOSITING:
        alarms.ring(compartment.bank, Alarm.Kind.DIFFERENCE, subject=compartment.label, found=RoundCheck.Found.MISSING)
    else:
        collections.report_problem(leg.collection, kind=Problem.Kind.SOMETHING_MISSING, leg=leg, seen_by_operator=True)
        # The answer to the resident is owed instead.
        alarms.end(compartment.bank, Alarm.Kind.DIFFERENCE, compartment.label)
    return seen


def believe(compartment: Compartment, contents: str, *, by, ends: tuple[str, ...]) -> None:
    """The records are right again; a block for one of the reasons `ends` is over. The bank is locked."""
    Compartment.objects.filter(pk=compartment.pk).update(contents=contents)
    alarms.end(compartment.bank, Alarm.Kind.DIFFERENCE, compartment.label)
    if compartment.service_reason in ends:
        acting.unblock(compartment, by=by)


def is_found_empty(leg: Leg) -> bool:
    """Whether somebody has looked behind the door of the leg since the last of its goods were put there, and found nothing."""
    put_in = max((parcel.deposited_at for parcel in leg.parcels.all() if parcel.deposited_at), default=None)
    looks = [look.at for look in leg.found_empty.all() if look.compartment_id == leg.compartment_id]
    return put_in is not None and any(at >= put_in for at in looks)


@transaction.atomic
def give_up(leg: Leg, *, why: str, by) -> bool:
    """The goods are lost: the resident is refunded, the operator bears it, the compartment is free.

    Raises `NothingHere` when they are not inside, `NobodyLooked` when nobody has found the door empty since.
    """
    lock(leg.collection)
    leg.refresh_from_db()
    if leg.status not in Leg.INSIDE:
        raise NothingHere
    if not is_found_empty(leg):
        raise NobodyLooked
    return collections.lose(leg, reason=why, by=by)
