"""Residents taking goods out, and when a leg counts as collected."""

from datetime import timedelta

import pytest

from pickup.controller.bank import Refused
from pickup.controller.terms import State
from pickup.protocol.vocabulary import Purpose, Temperature

from .kit import HOUR, collect_pin, collect_token, deposit_pin, entry, leg_entries


@pytest.fixture
def ready(table):
    """One leg lies in A1, sealed."""
    table.apply(*leg_entries())
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    return table


def test_second_code_after_the_grace_opens_nothing(ready):
    visit = ready.bank.enter(collect_pin())
    ready.bank.claim(visit.session)
    ready.shut("A1")
    ready.wait(16 * 60, step=30)
    before = ready.pulses()

    with pytest.raises(Refused) as refused:
        ready.bank.enter(collect_pin())

    assert refused.value.why == "collected"
    assert ready.pulses() == before


def test_resident_who_closes_without_taking_opens_again_with_the_same_code(ready):
    """S20."""
    ready.bank.enter(collect_pin())
    ready.shut("A1")
    ready.wait(60)
    ready.bank.finish(ready.bank.visit.session)
    visit = ready.bank.enter(collect_pin())
    ready.wait(100)

    assert ready.bank.legs.find(71).state is State.SEALED
    assert ready.events("claim.timeout") == []
    ready.bank.claim(visit.session)
    assert ready.events("claim") == [{"reservation": 1, "legs": [71], "compartments": ["A1"]}]


def test_open_then_closed_for_ninety_seconds_completes(ready):
    ready.bank.enter(collect_pin())
    ready.shut("A1")

    ready.wait(88)
    before = ready.events("claim.timeout")
    ready.wait(3)

    assert before == []
    assert ready.events("claim.timeout") == [{"reservation": 1, "leg": 71, "compartments": ["A1"]}]
    assert ready.bank.legs.find(71).state is State.COLLECTED


def test_jammed_door_that_is_pushed_shut_completes_nothing(ready):
    ready.driver.jammed.add(ready.address("A1"))
    ready.bank.enter(collect_pin())
    ready.shut("A1")

    ready.wait(200)

    assert ready.bank.legs.find(71).state is State.SEALED
    assert ready.events("claim.timeout") == []


def test_compartment_stays_reserved_during_the_grace(ready):
    visit = ready.bank.enter(collect_pin())
    ready.bank.claim(visit.session)
    ready.shut("A1")
    ready.bank.finish(visit.session)
    ready.apply(*leg_entries(leg=80, reservation=2), seq=2)

    other = ready.bank.enter(deposit_pin(10, reservation=2))

    assert other.current.compartment == "A2"


def test_reopening_in_the_grace_changes_nothing_for_the_server(ready):
    visit = ready.bank.enter(collect_pin())
    ready.bank.claim(visit.session)
    ready.shut("A1")
    ready.bank.finish(visit.session)

    again = ready.bank.enter(collect_pin())
    ready.bank.claim(again.session)

    assert ready.pulses() == ["A1", "A1", "A1"]
    assert len(ready.events("claim")) == 1


def test_several_doors_open_one_after_the_other_frozen_last(table):
    frozen = leg_entries(leg=70, temperature=Temperature.FROZEN)
    table.apply(*leg_entries(leg=71), *frozen, *leg_entries(leg=72, temperature=Temperature.CHILLED))
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    del table.driver.pulses[:]

    visit = table.bank.enter(collect_pin())
    first = table.pulses()
    table.bank.claim(visit.session)
    table.bank.claim(visit.session)
    table.bank.claim(visit.session)

    assert first == ["A1"]
    assert table.pulses() == ["A1", "C1", "F1"]
    assert [data["legs"] for data in table.events("claim")] == [[71], [72], [70]]


def test_remark_prevents_completion_by_time(ready):
    visit = ready.bank.enter(collect_pin())
    ready.bank.remark(visit.session, "missing")
    ready.shut("A1")

    ready.wait(200)

    assert ready.events("remark") == [{"reservation": 1, "leg": 71, "code": "missing", "compartment": "A1"}]
    assert ready.bank.legs.find(71).state is State.SEALED


def test_collection_goes_on_after_its_end_but_not_after_the_hard_end(table):
    table.apply(*leg_entries(exp=table.now() + HOUR, hard_exp=table.now() + 3 * HOUR))
    table.confirm_all(table.bank.enter(deposit_pin(10)))

    table.wait(2 * HOUR, step=60)
    visit = table.bank.enter(collect_pin())
    table.bank.finish(visit.session)
    table.wait(2 * HOUR, step=60)
    before = table.pulses()
    with pytest.raises(Refused) as refused:
        table.bank.enter(collect_pin())

    assert before == ["A1", "A1"]
    assert refused.value.why == "hard_exp"
    assert table.pulses() == before


def test_goods_inside_stay_openable_when_the_list_forgets_them(ready):
    ready.apply(seq=2)

    visit = ready.bank.enter(collect_pin())

    assert visit.current.compartment == "A1"


def test_new_pin_replaces_the_old_one(ready):
    renewed = entry(Purpose.COLLECT, entry=7100, pin_mac=entry(Purpose.COLLECT, reservation=99).pin_mac)
    ready.apply(renewed, seq=2)
    before = ready.pulses()

    with pytest.raises(Refused) as refused:
        ready.bank.enter(collect_pin())

    assert refused.value.why == "unknown"
    assert ready.pulses() == before
    assert ready.bank.enter(collect_pin(99)).current.compartment == "A1"


def test_new_controller_opens_what_the_list_knows_to_be_inside(table):
    table.apply(entry(Purpose.COLLECT, compartment="A3"))

    visit = table.bank.enter(collect_pin())

    assert visit.current.compartment == "A3"
    assert table.pulses() == ["A3"]


def test_new_controller_opens_all_doors_that_the_list_names_and_gives_none_of_them_away(table):
    table.apply(entry(Purpose.COLLECT, compartment="A3", compartments=("A3", "A1")))
    reserved = table.bank.access.reserved_compartments()

    visit = table.bank.enter(collect_pin())
    table.bank.claim(visit.session)
    half = table.bank.legs.find(71).state
    table.shut("A3")
    table.bank.claim(visit.session)

    assert reserved == {"A1", "A3"}
    assert table.pulses() == ["A3", "A1"]
    assert (half, table.bank.legs.find(71).state) == (State.SEALED, State.COLLECTED)


def test_revoked_token_opens_nothing_and_the_pin_still_does(ready):
    """S15, with the list there."""
    ready.apply(*leg_entries(), seq=2, revoked=("0c011ec70000",))
    before = ready.pulses()

    with pytest.raises(Refused) as refused:
        ready.bank.enter(collect_token())

    assert refused.value.why == "revoked"
    assert ready.pulses() == before
    assert ready.bank.enter(collect_pin()).current.compartment == "A1"


def test_another_tab_cannot_act_in_a_visit(ready):
    ready.bank.enter(collect_pin())

    with pytest.raises(Refused) as claimed:
        ready.bank.claim("guess")
    with pytest.raises(Refused) as entered:
        ready.bank.enter(collect_pin())

    assert (claimed.value.why, entered.value.why) == ("no_visit", "busy")
    assert ready.events("claim") == []
    assert ready.pulses() == ["A1", "A1"]


def test_a_step_of_the_clock_completes_nothing(table):
    table.apply(*leg_entries())
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    table.bank.enter(collect_pin())
    table.shut("A1")

    table.bank.clock.learn(table.bank.clock.now() + timedelta(days=1))
    table.wait(60)
    too_early = table.events("claim.timeout")
    table.wait(40)

    assert too_early == []
    assert [event["leg"] for event in table.events("claim.timeout")] == [71]
