"""One person in front of the bank: several orders in a visit, the right bag, the right door, one more look."""

from dataclasses import replace

import pytest

from pickup.controller import config as configuration
from pickup.controller.bank import Refused
from pickup.controller.config import ConfigError
from pickup.protocol.vocabulary import Service, Temperature

from .kit import collect_pin, deposit_pin, deposit_token, leg_entries, settings


@pytest.fixture
def two_orders(table):
    """Shop 10 has a bag for each of two orders."""
    table.apply(
        *leg_entries(order="1001", bags=2, shop_name="Épicerie du Quai"),
        *leg_entries(reservation=2, leg=72, order="1002", bags=1, shop_name="Épicerie du Quai"),
    )
    return table


def refusal(action) -> str:
    with pytest.raises(Refused) as refused:
        action()
    return refused.value.why


def test_the_next_order_follows_in_the_same_visit(two_orders):
    bank = two_orders.bank
    first = bank.enter(deposit_pin(10))
    bank.deposit(first.session, "deposited")
    two_orders.shut("A1")

    second = bank.enter(deposit_pin(10, reservation=2), first.session)
    bank.deposit(second.session, "deposited")

    assert (first.grant.label.order, second.grant.label.order) == ("1001", "1002")
    assert (second.grant.label.shop, second.grant.label.bags) == ("Épicerie du Quai", 1)
    assert second.orders_done == 2
    assert two_orders.pulses() == ["A1", "A2"]


def test_a_stranger_does_not_go_on_with_the_visit_of_another(two_orders):
    bank = two_orders.bank
    first = bank.enter(deposit_pin(10))
    bank.deposit(first.session, "deposited")

    second = bank.enter(deposit_pin(10, reservation=2), "guess")

    assert second.orders_before == 0


def test_the_bag_whose_door_is_open_is_told_from_another(two_orders):
    bank = two_orders.bank
    right, other = deposit_token(), deposit_token(reservation=2, leg=72, jti="00000000000b")
    visit = bank.enter(right)
    two_orders.wait(2)

    same = refusal(lambda: bank.enter(right, visit.session))
    two_orders.wait(2)
    wrong = refusal(lambda: bank.enter(other, visit.session))
    two_orders.wait(2)
    garbage = refusal(lambda: bank.enter("L1:GARBAGE", visit.session))

    assert (same, wrong, garbage) == ("right_bag", "other_bag", "damaged")
    assert two_orders.pulses() == ["A1"]
    assert [data["why"] for data in two_orders.events("credential.rejected")] == ["other_bag", "damaged"]
    assert bank.visit is visit


def test_who_is_not_in_the_visit_learns_nothing_about_bags(two_orders):
    visit = two_orders.bank.enter(deposit_token())
    two_orders.wait(2)

    assert refusal(lambda: two_orders.bank.enter(deposit_token(), "guess")) == "busy"
    assert two_orders.bank.visit is visit


@pytest.mark.parametrize("digits", [deposit_pin(10), "12345678"])
def test_digits_during_a_visit_change_nothing_and_count_for_nothing(two_orders, digits):
    visit = two_orders.bank.enter(deposit_pin(10))

    assert refusal(lambda: two_orders.bank.enter(digits, visit.session)) == "busy"
    assert two_orders.bank.throttle._count(3600) == 0


def stand_open(table, compartment: str) -> None:
    table.driver.force(table.address(compartment))
    table.wait(1)


def test_shutting_another_door_instead_of_the_right_one_is_asked_about_once(two_orders):
    stand_open(two_orders, "A3")
    visit = two_orders.bank.enter(deposit_pin(10))
    two_orders.shut("A3")

    asked = refusal(lambda: two_orders.bank.deposit(visit.session, "deposited"))
    inside = two_orders.bank.legs.shops_inside(71)
    two_orders.bank.deposit(visit.session, "deposited")

    assert (asked, inside) == ("wrong_door", {})
    assert two_orders.events("deposit.wrong_door") == [
        {"reservation": 1, "leg": 71, "shop": 10, "compartment": "A1", "wrong": "A3"}
    ]
    assert len(two_orders.events("deposit.confirmed")) == 1


def test_shutting_the_right_door_too_needs_no_question(two_orders):
    stand_open(two_orders, "A3")
    visit = two_orders.bank.enter(deposit_pin(10))
    two_orders.shut("A3")
    two_orders.shut("A1")

    two_orders.bank.deposit(visit.session, "deposited")

    assert two_orders.events("deposit.wrong_door") == []
    assert two_orders.events("deposit.confirmed")[0]["verified"] is True


def test_a_deposit_behind_a_door_that_nobody_saw_is_unverified(table):
    table.driver.cut.add(table.address("A1"))
    table.apply(*leg_entries(compartment="A1"))
    visit = table.bank.enter(deposit_pin(10))
    table.wait(5)

    table.bank.deposit(visit.session, "deposited")

    assert [data["verified"] for data in table.events("deposit.confirmed")] == [False]


def test_something_left_inside_keeps_the_door_from_others(table):
    table.apply(*leg_entries())
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    visit = table.bank.enter(collect_pin())

    table.bank.remark(visit.session, "not_empty")
    table.bank.claim(visit.session)
    table.bank.reopen(visit.session)

    assert (table.bank.wall.fitness("A1").svc, table.bank.wall.fitness("A1").why) == (Service.QUARANTINED, "check")
    assert table.pulses() == ["A1"] * 3


def test_a_forgotten_thing_is_fetched_from_the_door_that_one_names(table):
    table.apply(*leg_entries(), *leg_entries(leg=72, temperature=Temperature.CHILLED))
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    visit = table.bank.enter(collect_pin())
    for door in ("A1", "C1"):
        table.bank.claim(visit.session)
        table.shut(door)

    unknown = refusal(lambda: table.bank.reopen(visit.session, "A5"))
    table.bank.reopen(visit.session, "A1")
    table.bank.claim(visit.session)

    assert unknown == "no_visit"
    assert table.pulses()[-1] == "A1"
    assert visit.current is None
    assert len(table.events("claim")) == 2


def test_a_visit_lasts_as_long_as_the_bank_is_told_to(table):
    table.bank.config = replace(table.config, kiosk=replace(table.config.kiosk, visit_seconds=300))
    table.apply(*leg_entries())
    visit = table.bank.enter(deposit_pin(10))

    table.wait(299)
    table.bank.extend(visit.session)
    table.wait(299)
    still = table.bank.visit
    table.wait(2)

    assert (still, table.bank.visit) == (visit, None)


@pytest.mark.parametrize("seconds", [59, 901])
def test_a_visit_that_is_too_short_or_endless_is_not_configured(tmp_path, seconds):
    source = settings(tmp_path)
    source["kiosk"]["visit_seconds"] = seconds

    with pytest.raises(ConfigError, match="visit_seconds"):
        configuration.read(source)


@pytest.mark.parametrize("minutes", [0, 1441, -1, "15", 15.5, True])
def test_an_answer_that_nobody_can_promise_is_not_configured(tmp_path, minutes):
    source = settings(tmp_path)
    source["kiosk"]["answer_minutes"] = minutes

    with pytest.raises(ConfigError, match="answer_minutes"):
        configuration.read(source)
