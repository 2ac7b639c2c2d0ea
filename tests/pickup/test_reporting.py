"""Something is wrong: who hears of it, what is promised, and how a dispute ends."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from marketplace.foundation.models import Message
from pickup import collections, errors
from pickup.collections.reporting import answer_by
from pickup.models import Compartment, Problem
from shops.models import ShopOrder
from tests.factories import make_user
from tests.pickup.makers import confirmed, make_counter, make_sheet, ready, shift

pytestmark = pytest.mark.django_db


@pytest.fixture
def collection(bank):
    return ready(bank.point, (make_sheet(), 1), (make_sheet(temperature="chilled"), 1))


def mails() -> list[tuple[str, str]]:
    return sorted(Message.objects.filter(kind__startswith="problem").values_list("kind", "to"))


def test_missing_goods_make_a_dispute_and_the_shops_of_the_door_hear_of_it(collection, settings):
    settings.HELP_EMAIL = "aide@valmont.example"
    leg = collection.legs.get(temperature="chilled")
    shop = leg.parcels.get().shop_order.shop

    problem = collections.report_problem(collection, kind="something_missing", leg=leg, note=" No cheese. ")

    collection.refresh_from_db()
    assert (collection.status, problem.note, problem.compartment) == ("disputed", "No cheese.", leg.compartment)
    assert mails() == [("problem_operator", "aide@valmont.example"), ("problem_shop", shop.email)]


@pytest.mark.parametrize("kind", ["door_did_not_open", "damaged", "compartment_dirty"])
def test_other_problems_leave_the_collection_as_it_is(collection, kind):
    collections.report_problem(collection, kind=kind)

    collection.refresh_from_db()
    assert (collection.status, Problem.objects.get().status) == ("ready", "open")


def test_a_disputed_order_can_still_be_collected_and_the_shops_are_paid(bank, device, collection):
    ambient, chilled = collection.legs.order_by("temperature")
    collections.report_problem(collection, kind="something_missing", leg=ambient)

    listed = {entry.leg for entry in device.authlist().entries}
    collections.collect(ambient)
    collections.collect(chilled)

    collection.refresh_from_db()
    assert listed == {ambient.pk, chilled.pk}
    assert (collection.status, collection.is_waiting) == ("disputed", False)
    assert {each.status for each in ShopOrder.objects.all()} == {"collected"}
    assert collections.progress(collection).pin == ""


@pytest.mark.parametrize(("taken", "end"), [(0, "ready"), (1, "ready"), (2, "collected")])
def test_an_answer_ends_the_dispute_where_the_goods_are(collection, taken, end):
    problem = collections.report_problem(collection, kind="wrong_goods")
    for leg in collection.legs.all()[:taken]:
        collections.collect(leg)
    person = make_user()

    first = collections.answer_problem(problem, answer="We refund it.", by=person)
    second = collections.answer_problem(problem, answer="Again.", by=person)

    collection.refresh_from_db()
    problem.refresh_from_db()
    assert (first, second, collection.status) == (True, False, end)
    assert (problem.answer, problem.answered_by) == ("We refund it.", person)


def test_a_dispute_lasts_until_the_last_missing_goods_are_answered(collection):
    ambient, chilled = collection.legs.order_by("temperature")
    first = collections.report_problem(collection, kind="something_missing", leg=ambient)
    collections.report_problem(collection, kind="something_missing", leg=chilled)

    collections.answer_problem(first, answer="Found.", by=None)

    collection.refresh_from_db()
    assert collection.status == "disputed"


def test_an_answered_order_whose_time_is_over_is_overdue(collection):
    problem = collections.report_problem(collection, kind="something_missing")
    shift(collection, timedelta(days=3))

    collections.answer_problem(problem, answer="All of it was there.", by=None)

    collection.refresh_from_db()
    assert collection.status == "overdue"


def test_goods_found_missing_at_home_are_reported_for_two_weeks(collection):
    for leg in collection.legs.all():
        collections.collect(leg)
    collection.refresh_from_db()

    collections.report_problem(collection, kind="something_missing")

    collection.refresh_from_db()
    assert collection.status == "disputed"


def test_after_two_weeks_nothing_is_reported(collection):
    for leg in collection.legs.all():
        collections.collect(leg, at=timezone.now() - timedelta(days=15))
    collection.refresh_from_db()

    with pytest.raises(errors.NothingToReport):
        collections.report_problem(collection, kind="something_missing")

    assert (collection.status, Problem.objects.count()) == ("collected", 0)


def test_nothing_is_reported_of_goods_that_never_were_there(bank):
    with pytest.raises(errors.NothingToReport):
        collections.report_problem(confirmed(bank.point, (make_sheet(), 1)), kind="damaged")

    assert not Problem.objects.exists()


def test_a_leg_of_somebody_else_is_refused(bank, collection):
    other = ready(make_counter(), (make_sheet(), 1))

    with pytest.raises(errors.NothingToReport):
        collections.report_problem(collection, kind="damaged", leg=other.legs.get())

    assert not Problem.objects.exists()


def test_the_same_problem_is_kept_once(collection):
    first = collections.report_problem(collection, kind="damaged")

    assert collections.report_problem(collection, kind="damaged", note="again") == first
    assert Problem.objects.count() == 1


def test_a_dirty_compartment_is_looked_at_before_it_is_used_again(collection):
    leg = collection.legs.get(temperature="ambient")
    collections.collect(leg)
    leg.refresh_from_db()

    collections.report_problem(collection, kind="compartment_dirty", leg=leg)

    assert Compartment.objects.get(pk=leg.compartment_id).contents == "suspect"


@pytest.mark.parametrize(
    ("reported", "promised"),
    [
        ("2026-11-25T07:30+01:00", "2026-11-25T10:00+01:00"),
        ("2026-11-25T14:00+01:00", "2026-11-25T16:00+01:00"),
        ("2026-11-25T20:00+01:00", "2026-11-26T10:00+01:00"),
    ],
)
def test_a_door_that_stays_shut_is_answered_within_two_hours_of_the_day(reported, promised):
    assert answer_by("door_did_not_open", datetime.fromisoformat(reported)) == datetime.fromisoformat(promised)


def test_a_promise_that_was_not_kept_can_be_listed(collection):
    problem = collections.report_problem(collection, kind="damaged")

    assert list(Problem.objects.late(problem.answer_by - timedelta(minutes=1))) == []
    assert list(Problem.objects.late(problem.answer_by)) == [problem]


def test_a_remark_at_the_bank_is_a_report(device, collection):
    leg = collection.legs.get(temperature="chilled")

    device.sync(
        device.event("remark", reservation=collection.number, leg=leg.pk, code="missing"),
        device.event("remark", reservation=collection.number, leg=leg.pk, code="missing"),
    )

    collection.refresh_from_db()
    assert (collection.status, Problem.objects.get().leg) == ("disputed", leg)
