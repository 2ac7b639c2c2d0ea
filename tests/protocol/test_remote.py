"""Orders of the server: signed, in order, in time, within the budget, at most once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pickup.protocol import envelope
from pickup.protocol.vocabulary import CommandType, Service

from .kit import KID, SERVER_KEY, deposit_pin, leg_entries, service_token


def test_order_is_accepted_then_final(table):
    table.order(table.command(compartment="A1", leg=71))

    assert table.pulses() == ["A1"]
    assert table.responses() == [("accepted", None, None, False), ("final", "opened", None, False)]


def test_same_order_twice_opens_once(table):
    """S5."""
    command = table.command(compartment="A1")

    table.order(command)
    table.order(replace(command, message_id=envelope.new_ulid()))

    assert table.pulses() == ["A1"]
    assert table.responses()[-1] == ("final", "opened", None, True)


def test_repetition_while_the_first_still_runs_is_a_duplicate(table):
    table.driver.jammed.add(table.address("A1"))
    command = table.command(compartment="A1")

    table.order(command)
    table.order(command)
    table.wait(8)

    assert table.pulses() == ["A1", "A1"]
    assert table.responses() == [
        ("accepted", None, None, False),
        ("accepted", "duplicate", None, True),
        ("final", "jammed", None, False),
    ]


def test_late_order_opens_nothing(table):
    """S6."""
    command = table.command(compartment="A1")
    table.wait(600, step=60)

    table.order(command)

    assert table.pulses() == []
    assert table.responses() == [("final", "expired", None, False)]


def test_unsigned_order_is_not_even_answered(table):
    """S8: no signature, a foreign key under our kid, a changed field, an unknown kid."""
    good = table.command(compartment="A1").sign(SERVER_KEY, KID)
    unsigned = {name: value for name, value in good.items() if name != "sig"}
    foreign = envelope.sign(good, envelope.read_private_key(envelope.new_private_key()), KID)
    changed = {**good, "data": {"compartment": "A2"}}
    unknown = table.command(compartment="A1").sign(SERVER_KEY, "s9")

    for document in (unsigned, foreign, changed, unknown):
        table.bank.remote.apply(document)

    assert table.pulses() == []
    assert table.responses() == []
    assert [data["why"] for data in table.events("alert")] == ["bad_signature"]


@pytest.mark.parametrize(
    "document", [None, [], {}, {"v": 2}, {"v": 1, "bank": "other"}, {"v": 1, "bank": "b7f3a", "type": 5}]
)
def test_malformed_order_opens_nothing(table, document):
    table.bank.remote.apply(document)

    assert table.pulses() == []
    assert [data["why"] for data in table.events("alert")] == ["bad_command"]


def test_lower_cseq_is_refused(table):
    """S8: a recorded, never delivered order comes after a newer one."""
    older = table.command(compartment="A1")
    newer = table.command(compartment="A2")

    table.order(newer)
    table.order(older)

    assert table.pulses() == ["A2"]
    assert table.responses()[-1] == ("final", "refused", "old_cseq", False)
    assert [data["why"] for data in table.events("alert")] == ["old_cseq"]


def test_cseq_is_remembered_over_a_restart(table):
    older = table.command(compartment="A1")
    table.order(table.command(compartment="A2"))

    table.restart()
    table.order(older)

    assert table.pulses() == ["A2"]


def test_burst_stops_at_six_in_a_minute_when_doors_are_shut_again(table):
    """S9."""
    names = list(table.bank.wall.compartments)

    for number in range(50):
        name = names[number % len(names)]
        table.order(table.command(compartment=name))
        table.shut(name)

    assert table.pulses() == names[:6]
    assert table.responses()[-1] == ("final", "refused", "budget", False)
    assert [data["why"] for data in table.events("alert")] == ["remote_budget"]


def test_burst_stops_at_two_open_doors(table):
    """S9."""
    for name in table.bank.wall.compartments:
        table.order(table.command(compartment=name))

    assert table.pulses() == ["A1", "A2"]
    assert [response[1:3] for response in table.responses()][-6:] == [("refused", "budget")] * 6
    assert [data["why"] for data in table.events("alert")] == ["remote_budget"]


@pytest.mark.parametrize("shut", [True, False])
def test_alarm_comes_with_the_fourth_order_within_a_minute(table, shut):
    """S9."""
    alarms = []
    for name in ("A1", "A2", "A3", "A4", "A5"):
        table.order(table.command(compartment=name))
        alarms.append(len(table.events("alert")))
        if shut:
            table.shut(name)

    assert alarms == [0, 0, 0, 1, 1]


def test_four_orders_in_more_than_a_minute_raise_no_alarm(table):
    for name in ("A1", "A2", "A3", "A4", "A5"):
        table.order(table.command(compartment=name))
        table.shut(name)
        table.wait(20)

    assert table.events("alert") == []


def test_technician_at_the_bank_lets_the_server_open_eighteen_in_a_minute(table):
    table.bank.clock.learn(table.ticker.wall())
    session = table.bank.enter(service_token()).session
    table.bank.servicing.raise_budget(session)
    names = list(table.bank.wall.compartments) * 5

    for name in names:
        table.order(table.command(compartment=name))
        table.shut(name)

    assert len(table.pulses()) == 18
    assert table.responses()[-1] == ("final", "refused", "budget", False)


def test_openings_written_with_a_clock_ahead_do_not_count_for_ever(table):
    table.ticker.offset = timedelta(days=1)
    table.restart()
    for name in list(table.bank.wall.compartments)[:6]:
        table.order(table.command(compartment=name))
        table.shut(name)
    table.ticker.offset = timedelta()
    table.restart()

    assert table.bank.budget.remote_in(60) == 0


def test_budget_of_the_hour_is_twenty_and_survives_a_restart(table):
    for _ in range(10):
        for name in ("A1", "A2", "A3"):
            table.order(table.command(compartment=name))
            table.shut(name)
        table.wait(60, step=10)
        table.restart()

    assert len(table.pulses()) == 20


def test_people_at_the_bank_are_not_stopped_by_the_budget_of_the_server(table):
    table.apply(*leg_entries())
    for name in ("C1", "C2", "F1"):
        table.order(table.command(compartment=name))

    visit = table.bank.enter(deposit_pin(10))

    assert visit.current.door == "open"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"compartment": "Z9"}, "unknown_compartment"),
        ({}, "unknown_compartment"),
        ({"compartment": "A1", "why": "party"}, "unsupported"),
    ],
)
def test_impossible_order_is_refused_with_its_reason(table, changes, reason):
    table.order(table.command(reason=changes.pop("why", "collect"), **changes))

    assert table.pulses() == []
    assert table.responses() == [("final", "refused", reason, False)]


def test_unknown_type_is_refused(table):
    command = replace(table.command(compartment="A1"), type="door.open_all")

    table.order(command)

    assert table.pulses() == []
    assert table.responses() == [("final", "refused", "unsupported", False)]


def test_faulty_door_returns_to_service_only_after_an_observed_cycle(table):
    table.driver.jammed.add(table.address("A1"))
    table.order(table.command(compartment="A1"))
    table.wait(8)
    back = {"compartment": "A1", "state": "in_service", "why": None}

    table.order(table.command(CommandType.COMPARTMENT_SERVICE, "service", **back))
    too_early = table.responses()[-1]
    table.order(table.command(compartment="A1"))
    not_for_residents = table.responses()[-1]
    table.driver.jammed.clear()
    table.order(table.command(reason="service", compartment="A1"))
    table.shut("A1")
    table.order(table.command(CommandType.COMPARTMENT_SERVICE, "service", **back))

    assert too_early == ("final", "refused", "needs_inspection", False)
    assert not_for_residents == ("final", "refused", "out_of_service", False)
    assert table.responses()[-1] == ("final", "done", None, False)
    assert table.bank.wall.fitness("A1").svc is Service.IN_SERVICE


def test_clearing_frees_the_compartment(table):
    table.apply(*leg_entries())
    table.confirm_all(table.bank.enter(deposit_pin(10)))

    table.order(table.command(reason="clear", compartment="A1", leg=71))
    before = table.bank.legs.taken_compartments()
    table.shut("A1")

    assert before == {"A1": 71}
    assert table.bank.legs.taken_compartments() == {}


def test_locating_opens_nothing(table):
    table.order(table.command(CommandType.DOOR_LOCATE, "service", compartment="A1"))

    assert table.driver.located == [table.address("A1")]
    assert table.pulses() == []
    assert table.responses() == [("final", "done", None, False)]
