"""Behind which doors the goods of a leg are: its own compartment, and further ones where they did not fit one.

The bank tells all of them with each deposit; a leg is out of the locker when its last door was emptied.
"""

from collections.abc import Sequence

from django.db import transaction

from pickup.models import Compartment, Leg, LegDoor

Contents = Compartment.Contents


@transaction.atomic
def keep(leg: Leg, labels: Sequence[str]) -> None:
    """The goods are behind these doors and no others; the first is the leg's own, unless we know which is."""
    leg.refresh_from_db(fields=["compartment"])
    known = Compartment.objects.filter(bank=leg.collection.code_bank_id, label__in=labels)
    own = known.filter(pk=leg.compartment_id) if leg.compartment_id else known.filter(label__in=labels[:1])
    further = list(known.exclude(pk__in=own.values("pk")))
    gone = LegDoor.objects.filter(leg=leg).exclude(compartment__in=further)
    emptied = list(gone.exclude(compartment__in=own).values_list("compartment", flat=True))
    gone.delete()
    Compartment.objects.filter(pk__in=emptied, contents=Contents.OCCUPIED).update(contents=Contents.EMPTY)
    LegDoor.objects.filter(compartment__in=known).exclude(leg=leg).delete()  # another leg had it before
    for compartment in further:
        LegDoor.objects.get_or_create(leg=leg, compartment=compartment)
    Compartment.objects.filter(pk__in=[each.pk for each in further]).update(contents=Contents.OCCUPIED)


def leave_all(leg: Leg, contents: str = Contents.EMPTY) -> None:
    """Nothing of the leg is expected behind any of its doors now; `contents` says what is to be thought of them."""
    doors = [leg.compartment_id, *leg.more_doors.values_list("compartment", flat=True)]
    leg.more_doors.all().delete()
    behind = Compartment.objects.filter(pk__in=[each for each in doors if each])
    if contents == Contents.EMPTY:
        behind = behind.filter(contents=Contents.OCCUPIED)  # one that somebody doubts stays in doubt
    behind.update(contents=contents)


@transaction.atomic
def leave(leg: Leg, compartment: Compartment) -> bool:
    """This door was emptied. Whether the goods are out altogether: False while the leg has another door."""
    leg.refresh_from_db(fields=["compartment"])
    Compartment.objects.filter(pk=compartment.pk).update(contents=Contents.EMPTY)
    LegDoor.objects.filter(leg=leg, compartment=compartment).delete()
    if leg.compartment_id not in (None, compartment.pk):
        return False
    other = leg.more_doors.select_related("compartment").first()
    if other is None:
        return True
    other.delete()
    leg.compartment = other.compartment
    leg.save(update_fields=["compartment"])
    return False
