"""An order of the server that knows of no goods, or of others, opens no door behind which the bank knows of some."""

import pytest

from .kit import collect_pin, deposit_pin, leg_entries


@pytest.mark.parametrize("reason", ["service", "clear", "collect", "deposit"])
@pytest.mark.parametrize("leg", [None, 72, True, "71", [71]])
def test_goods_that_the_order_does_not_name_stay_behind_their_door(table, reason, leg):
    """The server thought the door empty, or two people agreed about other goods: the bank knows better."""
    table.apply(*leg_entries())
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    before = table.pulses()

    table.order(table.command(reason=reason, compartment="A1", leg=leg))

    assert table.pulses() == before == ["A1"]
    assert table.responses() == [("final", "refused", "occupied", False)]


def test_a_door_at_which_somebody_deposits_is_not_empty(table):
    table.apply(*leg_entries())
    table.bank.enter(deposit_pin(10))
    table.shut("A1")

    table.order(table.command(reason="service", compartment="A1", leg=None))

    assert table.pulses() == ["A1"]
    assert table.responses() == [("final", "refused", "occupied", False)]


def test_goods_that_the_order_names_are_shown_and_the_empty_door_after_them(table):
    """The control: what is refused above is the ignorance of the order alone."""
    table.apply(*leg_entries())
    table.confirm_all(table.bank.enter(deposit_pin(10)))

    table.order(table.command(reason="service", compartment="A1", leg=71))
    table.shut("A1")
    table.bank.claim(table.bank.enter(collect_pin()).session)
    table.shut("A1")
    table.order(table.command(reason="service", compartment="A1", leg=None))

    assert table.pulses() == ["A1"] * 4
    assert [outcome for phase, outcome, *_ in table.responses() if phase == "final"] == ["opened", "opened"]
