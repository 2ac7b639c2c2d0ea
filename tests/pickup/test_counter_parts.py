"""An order behind several doors of which one was cleared: each part is where its goods are, and the order knows it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pickup import collections, errors
from pickup.models import Collection, Compartment, Outage
from tests.pickup.makers import make_bank, make_counter, make_sheet, ready, shift

pytestmark = pytest.mark.django_db

Status = Collection.Status
DAY = timedelta(days=1)


@pytest.fixture
def counter():
    return make_counter(name="Office de tourisme")


@pytest.fixture
def order(bank, counter):
    """Bread behind C1 and cheese behind C3, both a day too late."""
    collection = ready(bank.point, (make_sheet(), 1), (make_sheet(temperature="chilled"), 1))
    shift(collection, collection.ends_at - timezone.now() + DAY)
    collections.expire_due()
    collection.refresh_from_db()
    return collection


def part(order, temperature="ambient"):
    return order.legs.get(temperature=temperature)


def pin(order) -> str:
    return collections.progress(Collection.objects.get(pk=order.pk)).pin


def contents() -> dict[str, str]:
    return dict(Compartment.objects.values_list("label", "contents"))


def test_clearing_one_door_leaves_the_other_part_and_the_order_at_the_bank(bank, device, order, counter):
    bread, cheese = part(order), part(order, "chilled")

    device.sync(device.event("door.opened", compartment="C1", leg=bread.pk, purpose="clear", outcome="opened"))

    order.refresh_from_db()
    assert (order.status, order.point) == (Status.OVERDUE, bank.point)
    assert (part(order).status, part(order).counter) == ("at_counter", counter)
    assert (part(order, "chilled").status, part(order, "chilled").compartment.label) == ("ready", "C3")
    assert contents() == {"C1": "empty", "C2": "empty", "C3": "occupied"}
    assert {entry.leg for entry in device.authlist().entries} == {cheese.pk}
    assert collections.overdue_goods() == [cheese]


def test_the_order_goes_to_the_counter_with_its_last_part(order, counter):
    first = collections.move_to_counter(part(order), reason="cleared")
    last = collections.move_to_counter(part(order, "chilled"), reason="cleared")
    again = collections.move_to_counter(part(order, "chilled"), reason="cleared")

    order.refresh_from_db()
    assert (first, last, again) == (True, True, False)
    assert (order.status, order.point) == (Status.AT_COUNTER, counter)


def test_all_parts_go_to_the_counter_that_has_the_first(order, counter):
    collections.move_to_counter(part(order), reason="cleared")
    make_counter(name="Accueil")  # as good as the first, and before it by name

    collections.move_to_counter(part(order, "chilled"), reason="cleared")

    order.refresh_from_db()
    assert order.point == counter


def test_the_counter_hands_out_its_part_and_the_rest_stays_behind_its_door(bank, order, counter):
    collections.move_to_counter(part(order), reason="cleared")

    collections.hand_over(counter, pin(order), by=None)

    order.refresh_from_db()
    assert [part(order).status, part(order, "chilled").status] == ["collected", "ready"]
    assert (order.status, order.point, contents()["C3"]) == (Status.OVERDUE, bank.point, "occupied")


def test_another_counter_hands_out_nothing_of_it(order):
    collections.move_to_counter(part(order), reason="cleared")
    other = make_counter()

    with pytest.raises(errors.WrongCode):
        collections.hand_over(other, pin(order), by=None)

    assert [part(order).status, part(order, "chilled").status] == ["at_counter", "ready"]


def test_whoever_fetches_the_rest_at_the_bank_is_told_where_the_first_part_waits(order, counter):
    collections.move_to_counter(part(order), reason="cleared")
    before = collections.progress(Collection.objects.get(pk=order.pk))

    collections.collect(part(order, "chilled"))

    order.refresh_from_db()
    assert "Office de tourisme" in before.words
    assert before.compartments == ["C3"]
    assert (order.status, order.point, order.collected_at) == (Status.AT_COUNTER, counter, None)
    assert collections.hand_over(counter, pin(order), by=None).status == Status.COLLECTED


def test_time_given_back_does_not_send_the_part_behind_its_door_to_the_counter(counter):
    bank = make_bank("S", "S")
    order = ready(bank.point, (make_sheet(), 1), (make_sheet(), 1))
    order.legs.update(status="at_counter", counter=counter, compartment=None)
    rest = order.legs.create(temperature="chilled", size="S", volume_l=5, status="ready")
    rest.compartment = bank.compartments.first()
    rest.save()
    shift(order, order.ends_at - timezone.now() + timedelta(minutes=5))
    collections.expire_due()
    Outage.objects.create(bank=bank, kind="silent", started_at=order.starts_at, ended_at=order.starts_at + DAY / 12)

    collections.expire_due()

    order.refresh_from_db()
    assert (order.status, order.point) == (Status.READY, bank.point)


def test_a_dispute_outlives_the_move_of_its_other_part(order, counter):
    problem = collections.report_problem(order, kind="something_missing", leg=part(order))
    collections.move_to_counter(part(order), reason="cleared")
    collections.move_to_counter(part(order, "chilled"), reason="cleared")

    order.refresh_from_db()
    assert order.status == Status.DISPUTED
    collections.answer_problem(problem, answer="It is at the counter.", by=None)
    order.refresh_from_db()
    assert (order.status, order.point) == (Status.AT_COUNTER, counter)
    assert order.ends_at > timezone.now()


def test_a_dispute_outlives_the_collection_of_its_other_part(order, counter):
    collections.report_problem(order, kind="something_missing", leg=part(order))
    collections.move_to_counter(part(order), reason="cleared")

    collections.collect(part(order, "chilled"))

    order.refresh_from_db()
    assert (order.status, order.collected_at) == (Status.DISPUTED, None)


def test_goods_of_a_dispute_are_handed_out_at_the_counter_all_the_same(order, counter):
    collections.report_problem(order, kind="something_missing", leg=part(order))
    for temperature in ("ambient", "chilled"):
        collections.move_to_counter(part(order, temperature), reason="cleared")

    handed = collections.hand_over(counter, pin(order), by=None)

    assert handed.status == Status.DISPUTED
    assert [part(order).status, part(order, "chilled").status] == ["collected", "collected"]


def test_an_answer_does_not_prolong_what_waited_at_the_counter_before(order):
    for temperature in ("ambient", "chilled"):
        collections.move_to_counter(part(order, temperature), reason="cleared")
    order.refresh_from_db()
    end = order.ends_at
    problem = collections.report_problem(order, kind="something_missing")

    collections.answer_problem(problem, answer="All is there.", by=None)

    order.refresh_from_db()
    assert (order.status, order.ends_at) == (Status.AT_COUNTER, end)
