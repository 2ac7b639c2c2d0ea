"""Goods that do not fit: carried to a larger door, or behind one more under the same code (S18)."""

import pytest

from pickup.controller.bank import Refused
from pickup.controller.terms import State
from pickup.protocol.vocabulary import Size, Temperature

from .kit import collect_pin, deposit_pin, leg_entries


@pytest.fixture
def half_full(table):
    """Shop 10 has put its parcel into A1; shop 11 stands before the same door, which is open."""
    table.apply(*leg_entries(shops=(10, 11)))
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    return table, table.bank.enter(deposit_pin(11))


def collected(table) -> list[str]:
    """The doors that the resident's code opens, each emptied and claimed."""
    visit = table.bank.enter(collect_pin())
    doors = []
    while visit.current:
        doors.append(visit.current.compartment)
        table.bank.claim(visit.session)
        table.shut(doors[-1])
    table.bank.finish(visit.session)
    return doors


def larger(table, visit) -> None:
    table.bank.deposit(visit.session, "larger")


def test_larger_opens_both_doors_and_frees_the_old_one_when_all_was_carried(half_full):
    table, visit = half_full
    table.shut("A1")

    larger(table, visit)
    carried = (visit.current.carry_from[:], visit.current.compartment)
    both = table.bank.legs.taken_compartments()
    table.shut("A1")
    table.confirm_all(visit)

    assert carried == (["A1"], "A3")
    assert table.pulses() == ["A1", "A1", "A1", "A3"]
    assert both == {"A1": 71, "A3": 71}
    told = {"reservation": 1, "leg": 71, "shop": 11, "from": "A1", "to": "A3"}
    assert table.events("deposit.larger") == [{**told, "way": "move", "compartments": ["A1", "A3"]}]
    assert table.events("deposit.moved") == [{**told, "compartments": ["A3"]}]
    assert table.bank.legs.taken_compartments() == {"A3": 71}
    assert collected(table) == ["A3"]


def test_goods_that_nobody_said_were_carried_are_looked_for_behind_both_doors(half_full):
    table, visit = half_full
    larger(table, visit)
    table.shut("A1")
    table.shut("A3")

    table.bank.deposit(visit.session, "declined")
    table.bank.finish(visit.session)
    table.confirm_all(table.bank.enter(deposit_pin(11)))

    assert table.events("deposit.moved") == []
    assert table.bank.legs.taken_compartments() == {"A1": 71, "A3": 71}
    assert collected(table) == ["A1", "A3"]
    assert table.bank.legs.find(71).state is State.COLLECTED


def test_a_larger_door_that_never_opened_holds_nothing(half_full):
    table, visit = half_full
    table.driver.jammed.update(table.address(name) for name in ("A2", "A3", "A4", "A5"))
    larger(table, visit)

    table.bank.deposit(visit.session, "declined")

    assert table.bank.legs.taken_compartments() == {"A1": 71}


def test_a_shop_that_leaves_at_once_frees_the_larger_door_and_the_server_hears_of_it(half_full):
    table, visit = half_full
    table.driver.jammed.add(table.address("A3"))
    larger(table, visit)

    table.bank.finish(visit.session)

    assert table.bank.legs.taken_compartments() == {"A1": 71}
    told = {"reservation": 1, "leg": 71, "shop": 11, "compartment": "A3", "compartments": ["A1"]}
    assert table.events("deposit.declined") == [told]


def test_a_larger_door_that_jams_is_replaced_and_the_carrying_goes_on(half_full):
    table, visit = half_full
    table.driver.jammed.add(table.address("A3"))

    larger(table, visit)
    table.wait(8)
    carried = (visit.current.carry_from[:], visit.current.compartment, visit.current.door)
    table.confirm_all(visit)

    assert carried == (["A1"], "A4", "open")
    assert table.bank.legs.doors_of(table.bank.legs.find(71))[0] == "A4"
    assert "A1" not in table.bank.legs.taken_compartments()


def test_twice_too_small_empties_both_doors_before(half_full):
    table, visit = half_full

    larger(table, visit)
    larger(table, visit)
    carried = (visit.current.carry_from[:], visit.current.compartment)
    table.confirm_all(visit)

    assert carried == (["A1", "A3"], "A5")
    assert [(data["from"], data["to"]) for data in table.events("deposit.moved")] == [("A1", "A5"), ("A3", "A5")]
    assert collected(table) == ["A5"]


def test_without_a_larger_door_one_more_opens_and_the_same_code_opens_both(table):
    table.apply(*leg_entries(size=Size.L))
    visit = table.bank.enter(deposit_pin(10))

    larger(table, visit)
    beside = (visit.current.beside[:], visit.current.compartment)
    table.shut("A5")
    table.confirm_all(visit)

    assert beside == (["A5"], "A3")
    assert table.events("deposit.larger")[0]["way"] == "beside"
    [confirmed] = table.events("deposit.confirmed")
    assert (confirmed["compartment"], confirmed["compartments"]) == ("A5", ["A5", "A3"])
    assert collected(table) == ["A5", "A3"]
    assert table.events("claim") == [{"reservation": 1, "legs": [71], "compartments": ["A5", "A3"]}]


def test_a_leg_behind_two_doors_is_not_collected_while_one_was_not_emptied(table):
    table.apply(*leg_entries(size=Size.L))
    visit = table.bank.enter(deposit_pin(10))
    larger(table, visit)
    table.shut("A5")
    table.confirm_all(visit)

    collecting = table.bank.enter(collect_pin())
    table.bank.claim(collecting.session)
    table.shut("A5")
    table.bank.skip(collecting.session)
    table.bank.finish(collecting.session)
    table.wait(100)
    before = table.bank.legs.find(71).state
    table.shut("A3")
    table.wait(100)

    assert before is State.SEALED
    assert table.bank.legs.find(71).state is State.COLLECTED
    assert [data["compartments"] for data in table.events("claim.timeout")] == [["A5", "A3"]]


def test_nothing_more_is_opened_when_the_bank_is_full(table):
    table.apply(*leg_entries(size=Size.M, temperature=Temperature.FROZEN))
    visit = table.bank.enter(deposit_pin(10))

    with pytest.raises(Refused) as refused:
        larger(table, visit)

    assert refused.value.why == "no_larger"
    assert table.pulses() == ["F1"]
    assert table.events("deposit.larger")[0]["to"] is None
    assert table.bank.legs.taken_compartments() == {"F1": 71}


def test_an_occupied_door_that_jams_keeps_its_goods_and_the_next_shop_gets_another(table):
    """S10: stuck, reservation kept."""
    table.apply(*leg_entries(shops=(10, 11)))
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    table.driver.jammed.add(table.address("A1"))

    visit = table.bank.enter(deposit_pin(11))
    table.wait(8)
    other = (visit.current.beside[:], visit.current.compartment, visit.current.door)
    table.confirm_all(visit)

    assert other == (["A1"], "A2", "open")
    assert table.bank.legs.taken_compartments() == {"A1": 71, "A2": 71}
    collecting = table.bank.enter(collect_pin())
    assert [step.terms.compartment for step in collecting.steps] == ["A1", "A2"]


def test_shops_that_keep_apart_get_a_door_each_under_one_code(table):
    table.apply(*leg_entries(shops=(10, 11), own_compartment=True))

    table.confirm_all(table.bank.enter(deposit_pin(10)))
    table.confirm_all(table.bank.enter(deposit_pin(11)))
    table.confirm_all(table.bank.enter(deposit_pin(11)))

    assert table.pulses() == ["A1", "A2", "A2"]
    assert collected(table) == ["A1", "A2"]


def test_a_shop_that_keeps_apart_and_changes_its_mind_frees_its_door(table):
    table.apply(*leg_entries(shops=(10, 11), own_compartment=True))
    table.confirm_all(table.bank.enter(deposit_pin(10)))

    visit = table.bank.enter(deposit_pin(11))
    table.bank.deposit(visit.session, "declined")

    assert table.bank.legs.taken_compartments() == {"A1": 71}


def test_clearing_one_of_two_doors_leaves_the_other_to_the_resident(table):
    table.apply(*leg_entries(size=Size.L))
    visit = table.bank.enter(deposit_pin(10))
    larger(table, visit)
    table.shut("A5")
    table.confirm_all(visit)

    table.order(table.command(reason="clear", compartment="A5", leg=71))
    table.shut("A5")

    assert table.bank.legs.taken_compartments() == {"A3": 71}
    assert collected(table) == ["A3"]


def test_a_new_list_that_drops_the_leg_does_not_lose_goods_that_are_being_put_in(table):
    table.apply(*leg_entries())
    visit = table.bank.enter(deposit_pin(10))

    table.apply(seq=2)
    table.confirm_all(visit)

    assert table.bank.legs.taken_compartments() == {"A1": 71}
    assert collected(table) == ["A1"]


def test_low_doors_are_kept_for_those_who_wait_for_one(table):
    """A1 is the only small door that is not low; the next small parcel takes a medium one."""
    waiting = leg_entries(shops=(11,), reservation=2, leg=72, low=True)
    table.apply(*leg_entries(), *leg_entries(shops=(12,), reservation=3, leg=73), *waiting)
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    table.driver.force(table.address("A4"))
    table.driver.force(table.address("A5"))
    table.wait(1)

    other = table.bank.enter(deposit_pin(12, reservation=3))
    table.confirm_all(other)
    low = table.bank.enter(deposit_pin(11, reservation=2))

    assert table.pulses() == ["A1", "A3", "A2"]
    assert low.current.compartment == "A2"
