"""Something is wrong: the resident says what, and is told by when a person answers."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from pickup import errors, signals
from pickup.collections.handing import go_to_counter
from pickup.collections.moving import lock, move, standing
from pickup.models import Collection, Compartment, Leg, Parcel, Problem
from pickup.windows import town_time
from shops.models import ShopOrder

Status, Kind = Collection.Status, Problem.Kind
# A person whose goods are locked in waits in front of the door; everything else is answered within a day.
ANSWERED_FROM, ANSWERED_UNTIL = time(8), time(20)
URGENT_ANSWER = timedelta(hours=2)
FIRST_ANSWERS = time(10)
ANSWER = timedelta(hours=24)
REPORTABLE = [*Collection.WAITING, Status.COLLECTED]
REPORTABLE_FOR = timedelta(days=14)
LONGEST_NOTE = Problem._meta.get_field("note").max_length


@transaction.atomic
def report_problem(
    collection: Collection, *, kind: str, leg: Leg | None = None, note: str = "", seen_by_operator: bool = False
) -> Problem:
    """Keep what the resident reports, or an operator saw, with the time by which a person answers, and tell operators and shops.

    The same problem, reported again before its answer, is the same row. When goods are missing the collection is disputed
    until a person has answered; what is still inside can be collected all the same. Raises `NothingToReport` when the
    order has not been at a point, or was collected more than two weeks ago.
    """
    kind = Kind(kind)
    collection = lock(collection)
    now = timezone.now()
    _check(collection, now)
    if leg is not None and leg.collection_id != collection.pk:
        raise errors.NothingToReport
    known = collection.problems.open().filter(kind=kind, leg=leg).first()
    if known is not None:
        return known
    problem = Problem.objects.create(
        collection=collection,
        leg=leg,
        compartment=_compartment(leg),
        kind=kind,
        note=note.strip()[:LONGEST_NOTE],
        seen_by_operator=seen_by_operator,
        reported_at=now,
        answer_by=answer_by(kind, now),
    )
    if kind == Kind.COMPARTMENT_DIRTY and problem.compartment_id:
        Compartment.objects.filter(pk=problem.compartment_id, contents=Compartment.Contents.EMPTY).update(
            contents=Compartment.Contents.SUSPECT
        )
    if kind in Problem.GOODS_MISSING:
        move(collection, Status.DISPUTED, reason=kind)
    signals.problem_reported.send(sender=Problem, problem=problem)
    return problem


@transaction.atomic
def answer_problem(problem: Problem, *, answer: str, by) -> bool:
    """A person answers. With the last missing goods settled the collection is where its goods are. False when answered.

    Raises `NoCounter` when they went to a counter that does not open any more.
    """
    collection = lock(problem.collection)
    answered = problem.move(
        Problem.Status.ANSWERED, by=by, answer=answer.strip(), answered_at=timezone.now(), answered_by=by
    )
    if not answered:
        return False
    unsettled = collection.problems.open().filter(kind__in=Problem.GOODS_MISSING).exists()
    if collection.status == Status.DISPUTED and not unsettled:
        _settle(collection, by=by)
    signals.problem_answered.send(sender=Problem, problem=problem)
    return True


def can_report(collection: Collection, now: datetime | None = None) -> bool:
    """Whether `report_problem` would take a problem at this moment."""
    try:
        _check(collection, now or timezone.now())
    except errors.NothingToReport:
        return False
    return True


def answer_by(kind: str, now: datetime) -> datetime:
    """By when a person answers: a door that stays shut within two hours of the day, in the night at 10:00."""
    if kind != Kind.DOOR_DID_NOT_OPEN:
        return now + ANSWER
    if now < town_time(now, ANSWERED_FROM):
        return town_time(now, FIRST_ANSWERS)
    if now >= town_time(now, ANSWERED_UNTIL):
        return town_time(now, FIRST_ANSWERS, days=1)
    return now + URGENT_ANSWER


def shops_concerned(problem: Problem) -> list[ShopOrder]:
    """The shop orders whose goods the problem is about: those of its leg, or all that were there."""
    parcels = Parcel.objects.filter(leg__collection=problem.collection, status=Parcel.Status.DEPOSITED)
    if problem.leg_id:
        parcels = parcels.filter(leg=problem.leg_id)
    return list(ShopOrder.objects.filter(parcels__in=parcels).select_related("shop").distinct().order_by("pk"))


def _settle(collection: Collection, *, by) -> None:
    to = standing(collection, timezone.now())
    if to == Status.AT_COUNTER:
        go_to_counter(collection, by=by, reason="answered")
    else:
        move(collection, to, by=by, reason="answered")


def _check(collection: Collection, now: datetime) -> None:
    if collection.status not in REPORTABLE:
        raise errors.NothingToReport
    if collection.collected_at is not None and now - collection.collected_at > REPORTABLE_FOR:
        raise errors.NothingToReport


def _compartment(leg: Leg | None) -> Compartment | None:
    """Where the goods of the leg are, or were when they were collected."""
    return None if leg is None else leg.compartment
