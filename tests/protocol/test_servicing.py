"""A technician, an operator or a shop at the wall with a service token."""

import pytest

from pickup.controller.actuation import OpenFor
from pickup.controller.bank import Refused
from pickup.controller.terms import State
from pickup.protocol.vocabulary import Door, Purpose, Service

from .kit import HOUR, collect_pin, collect_token, deposit_pin, leg_entries, service_token


@pytest.fixture
def table(table):
    """A bank that has just heard from its server, so that its clock is sure."""
    table.bank.clock.learn(table.ticker.wall())
    return table


@pytest.fixture
def full(table):
    """Leg 71 lies in A1, sealed."""
    table.apply(*leg_entries())
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    table.driver.pulses.clear()
    return table


def enter(table, **more):
    return table.bank.enter(service_token(**more)).session


def door(table, session, compartment):
    return next(each for each in table.bank.servicing.doors(session) if each.compartment == compartment)


def refusal(act, *arguments):
    with pytest.raises(Refused) as caught:
        act(*arguments)
    return caught.value.why


def test_service_token_opens_nothing_by_itself_and_shows_every_door(table):
    visit = table.bank.enter(service_token())

    assert visit.purpose is Purpose.SERVICE
    assert [each.compartment for each in table.bank.servicing.doors(visit.session)] == list(
        table.bank.wall.compartments
    )
    assert table.pulses() == []
    assert table.events("service.entered") == [{"jti": "5e121ce00000", "holder": 7, "leg": None}]


def test_one_door_at_a_time(table):
    session = enter(table)
    table.bank.servicing.open(session, "A1")

    while_open = refusal(table.bank.servicing.open, session, "A2")
    table.shut("A1")
    table.bank.servicing.open(session, "A2")

    assert while_open == "close_first"
    assert table.pulses() == ["A1", "A2"]


def test_faulty_door_is_used_again_after_a_cycle_that_the_technician_saw(table):
    table.bank.wall.take_out("A1", Service.OUT_OF_SERVICE, "jam")
    session = enter(table)

    before = refusal(table.bank.servicing.inspected, session, "A1")
    table.bank.servicing.open(session, "A1")
    while_open = refusal(table.bank.servicing.inspected, session, "A1")
    table.shut("A1")
    inspectable = door(table, session, "A1").inspectable
    table.bank.servicing.inspected(session, "A1")

    assert (before, while_open, inspectable) == ("needs_inspection", "needs_inspection", True)
    assert table.bank.wall.fitness("A1").svc is Service.IN_SERVICE
    assert table.events("compartment.service")[-1] == {
        "compartment": "A1",
        "state": "in_service",
        "why": "inspected",
    }


def test_door_that_jams_again_is_not_put_back(table):
    table.driver.jammed.add(table.address("A1"))
    session = enter(table)

    table.bank.servicing.open(session, "A1")
    table.wait(8)

    assert door(table, session, "A1").stuck
    assert refusal(table.bank.servicing.inspected, session, "A1") == "needs_inspection"
    assert table.bank.wall.fitness("A1").why == "jam"


def test_late_opening_is_no_cycle(table):
    table.driver.jammed.add(table.address("A1"))
    session = enter(table)
    table.bank.servicing.open(session, "A1")
    table.wait(8)

    table.driver.force(table.address("A1"))
    table.wait(1)
    table.shut("A1")

    assert table.events("door.opened")[-1]["outcome"] == "opened"
    assert refusal(table.bank.servicing.inspected, session, "A1") == "needs_inspection"


def test_goods_are_cleared_at_that_door_by_opening_and_closing_it(full):
    session = enter(full)

    full.bank.servicing.open(session, "A1", OpenFor.CLEAR)
    inside = full.bank.legs.find(71).state
    full.shut("A1")

    assert inside is State.SEALED
    assert full.bank.legs.find(71).state is State.CLEARED
    assert full.events("door.opened")[-1] == {
        "compartment": "A1",
        "leg": 71,
        "purpose": "clear",
        "shop": None,
        "outcome": "opened",
    }


def test_looking_into_a_door_leaves_the_goods_to_the_resident(full):
    session = enter(full)
    full.bank.servicing.open(session, "A1")
    full.shut("A1")
    full.bank.servicing.finish(session)

    full.bank.enter(collect_pin())

    assert full.pulses() == ["A1", "A1"]


def test_clearing_without_a_sensor_needs_the_word_of_the_person(full):
    full.driver.cut.add(full.address("A1"))
    full.wait(3)
    session = enter(full)
    full.bank.servicing.open(session, "A1", OpenFor.CLEAR)
    full.wait(2)

    before = full.bank.legs.find(71).state
    full.bank.servicing.cleared(session, "A1")

    assert before is State.SEALED
    assert full.bank.legs.find(71).state is State.CLEARED


def test_nothing_is_cleared_by_a_word_alone(full):
    session = enter(full)

    unopened = refusal(full.bank.servicing.cleared, session, "A1")
    full.bank.servicing.open(session, "A1")
    looked = refusal(full.bank.servicing.cleared, session, "A1")
    full.shut("A1")
    empty = refusal(full.bank.servicing.open, session, "A2", OpenFor.CLEAR)

    assert (unopened, looked, empty) == ("door_not_opened", "not_allowed", "nothing_inside")
    assert full.bank.legs.find(71).state is State.SEALED
    assert full.pulses() == ["A1"]


def test_shop_clears_its_own_leg_and_touches_nothing_else(full):
    session = enter(full, leg=71)

    seen = [each.compartment for each in full.bank.servicing.doors(session)]
    others = [
        refusal(full.bank.servicing.open, session, "A2", OpenFor.CLEAR),
        refusal(full.bank.servicing.open, session, "A1", OpenFor.SERVICE),
        refusal(full.bank.servicing.take_out, session, "A1"),
        refusal(full.bank.servicing.raise_budget, session),
    ]
    full.bank.servicing.open(session, "A1", OpenFor.CLEAR)
    full.shut("A1")

    assert seen == ["A1"]
    assert others == ["not_allowed"] * 4
    assert full.pulses() == ["A1"]
    assert full.bank.legs.find(71).state is State.CLEARED


def test_token_for_a_leg_that_is_gone_opens_nothing(full):
    full.bank.claim(full.bank.enter(collect_pin()).session)
    full.shut("A1")
    full.driver.pulses.clear()

    assert refusal(full.bank.enter, service_token(leg=71)) == "collected"
    assert full.pulses() == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"nbf": 0, "exp": 10}, "expired"),
        ({"exp": 2**32 - 1}, "foreign"),
        ({"bank": "other"}, "foreign"),
    ],
)
def test_token_that_is_old_endless_or_foreign_is_refused(table, changes, why):
    assert refusal(table.bank.enter, service_token(**changes)) == why
    assert table.bank.servicing.visit is None


def test_service_is_refused_while_the_clock_is_unsure(tmp_path):
    from .kit import Table

    table = Table(tmp_path)

    assert refusal(table.bank.enter, service_token()) == "clock_unsure"
    assert table.events("credential.rejected") == [{"kind": "qr", "why": "clock_unsure"}]


def test_revoked_token_is_refused(table):
    table.apply(revoked=("5e121ce00000",))

    assert refusal(table.bank.enter, service_token()) == "revoked"


def test_a_visit_ends_when_its_code_is_withdrawn(full):
    session = enter(full)

    full.apply(*leg_entries(), seq=2, revoked=("5e121ce00000",))

    assert refusal(full.bank.servicing.open, session, "A1") == "no_visit"
    assert full.events("service.left")[0]["jti"] == "5e121ce00000"
    assert full.pulses() == []


def test_nobody_else_is_served_meanwhile_and_the_visit_ends_by_itself(full):
    session = enter(full)

    meanwhile = refusal(full.bank.enter, collect_token())
    full.wait(601, step=10)

    assert meanwhile == "busy"
    assert refusal(full.bank.servicing.doors, session) == "no_visit"
    assert full.events("service.left") == [{"jti": "5e121ce00000", "holder": 7, "seconds": 600, "openings": 0}]
    assert full.pulses() == []


def test_service_has_the_budget_of_people_at_the_bank(table):
    session = enter(table)
    for _ in range(8):
        table.bank.servicing.open(session, "A1")
        table.shut("A1")

    assert refusal(table.bank.servicing.open, session, "A1") == "budget"
    assert len(table.pulses()) == 8


def test_server_may_open_more_for_an_hour_when_a_technician_says_so(table):
    table.bank.servicing.raise_budget(enter(table))
    budget = table.bank.budget

    during = budget.raised()
    table.wait(HOUR + 1, step=60)

    assert (during, budget.raised()) == (True, False)
    assert table.events("service.budget") == [{"jti": "5e121ce00000", "holder": 7, "seconds": HOUR}]


def test_door_taken_out_by_the_technician_takes_no_goods(table):
    session = enter(table)
    table.bank.servicing.take_out(session, "A1")
    table.bank.servicing.finish(session)
    table.apply(*leg_entries())

    table.bank.enter(deposit_pin(10))

    assert table.pulses() == ["A2"]
    assert table.bank.doors.state("A1") is Door.CLOSED
