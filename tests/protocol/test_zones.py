"""Cold that fails, and probes that fall silent."""

from datetime import timedelta

import pytest

from pickup.controller import snapshots
from pickup.controller.bank import Refused
from pickup.controller.terms import State
from pickup.protocol.messages import ZoneState
from pickup.protocol.vocabulary import CommandType, Service, Temperature

from .kit import Table, collect_pin, deposit_pin, leg_entries

MINUTE = 60
FRIDGE = {"id": "FR", "class": "chilled", "probe": "fridge"}
FREEZER = {"id": "TK", "class": "frozen", "probe": "freezer"}


@pytest.fixture
def table(tmp_path):
    """A bank whose fridge and freezer are in order."""
    made = Table(tmp_path, zones=[FRIDGE, FREEZER])
    made.driver.temperatures |= {"fridge": 3.0, "freezer": -19.5}
    made.wait(1)
    return made


@pytest.fixture
def ready(table):
    """A frozen leg in F1, an ambient leg in A1, one code."""
    frozen = leg_entries(leg=71, temperature=Temperature.FROZEN, size="M")
    ambient = leg_entries(leg=72, temperature=Temperature.AMBIENT)
    table.apply(*frozen, *ambient)
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    return table


def warm(table, minutes, degrees=-12.0):
    """Let the freezer stand too warm."""
    table.driver.temperatures["freezer"] = degrees
    table.wait(minutes * MINUTE, step=10)


def zone(table, name):
    """The snapshot's word on one zone."""
    return next(state for state in snapshots.take(table.bank).zones if state.id == name)


def test_snapshot_tells_the_zones(table):
    assert snapshots.take(table.bank).zones == (
        ZoneState(id="FR", temperature=Temperature.CHILLED, c=3.0, ok=True),
        ZoneState(id="TK", temperature=Temperature.FROZEN, c=-19.5, ok=True),
    )


def test_quarter_of_an_hour_is_recorded_with_its_extremes(table):
    table.driver.temperatures["fridge"] = 1.25
    table.wait(5 * MINUTE, step=10)
    table.driver.temperatures["fridge"] = 3.5
    table.wait(10 * MINUTE, step=10)

    record = next(data for data in table.events("zone.temperature") if data["zone"] == "FR")

    assert record["n"] > 80
    assert record == {"zone": "FR", "class": "chilled", "c": 3.5, "min": 1.2, "max": 3.5, "n": record["n"]}


def test_silent_probe_is_recorded_as_a_gap(table):
    table.wait(15 * MINUTE, step=10)
    del table.driver.temperatures["fridge"]
    table.wait(15 * MINUTE, step=10)

    record = [data for data in table.events("zone.temperature") if data["zone"] == "FR"][1]

    assert record == {"zone": "FR", "class": "chilled", "c": None, "min": None, "max": None, "n": 0}


def test_warm_freezer_is_quarantined_after_half_an_hour_and_its_food_stays_inside(ready):
    """S17."""
    warm(ready, 29)
    before = ready.events("zone.excursion.started"), ready.bank.wall.fitness("F1").svc
    warm(ready, 11)
    pulses = ready.pulses()

    visit = ready.bank.enter(collect_pin())

    assert before == ([], Service.IN_SERVICE)
    started = ready.events("zone.excursion.started")
    assert [(data["zone"], data["class"], data["c"]) for data in started] == [("TK", "frozen", -12.0)]
    assert 1800 <= started[0]["seconds"] < 1860
    assert (ready.bank.wall.fitness("F1").svc, ready.bank.wall.fitness("F1").why) == (Service.QUARANTINED, "temp")
    assert [step.compartment for step in visit.steps] == ["A1"]
    assert ready.pulses() == [*pulses, "A1"]
    assert not zone(ready, "TK").ok
    assert zone(ready, "FR").ok


def test_only_food_that_was_too_warm_is_refused_in_words(ready):
    warm(ready, 40)
    visit = ready.bank.enter(collect_pin())
    ready.bank.claim(visit.session)
    ready.shut("A1")
    ready.bank.finish(visit.session)
    pulses = ready.pulses()

    with pytest.raises(Refused) as refused:
        ready.bank.enter(collect_pin())

    assert refused.value.why == "zone_temp"
    assert ready.pulses() == pulses
    assert ready.bank.legs.find(71).state is State.SEALED


def test_order_of_the_server_opens_blocked_food_for_clearing_only(ready):
    warm(ready, 40)

    ready.order(ready.command(compartment="F1", leg=71))
    ready.order(ready.command(reason="clear", compartment="F1", leg=71))

    assert [(outcome, reason) for _, outcome, reason, _ in ready.responses() if outcome] == [
        ("refused", "out_of_service"),
        ("opened", None),
    ]


def test_excursion_ends_after_five_good_minutes_and_frees_only_what_is_empty(ready, table):
    warm(ready, 40)
    warm(ready, 4, degrees=-19.0)
    too_early = ready.events("zone.excursion.ended")
    warm(ready, 3, degrees=-19.0)

    ended = ready.events("zone.excursion.ended")

    assert too_early == []
    assert [(data["zone"], data["min"], data["max"]) for data in ended] == [("TK", -19.0, -12.0)]
    assert 44 * MINUTE <= ended[0]["seconds"] <= 47 * MINUTE
    assert zone(ready, "TK").ok
    assert ready.bank.wall.fitness("F1").why == "temp"
    with pytest.raises(Refused):
        only_frozen(ready)


def only_frozen(table):
    """Collect the ambient leg, then ask once more."""
    visit = table.bank.enter(collect_pin())
    table.bank.claim(visit.session)
    table.shut("A1")
    table.bank.finish(visit.session)
    return table.bank.enter(collect_pin())


def test_empty_compartments_come_back_by_themselves(table):
    table.driver.temperatures["fridge"] = 9.0
    table.wait(40 * MINUTE, step=10)
    quarantined = table.bank.wall.fitness("C1").why
    table.driver.temperatures["fridge"] = 3.0
    table.wait(7 * MINUTE, step=10)

    assert quarantined == "temp"
    assert table.bank.wall.usable("C1")
    assert table.events("compartment.service")[-1] == {"compartment": "C2", "state": "in_service", "why": "temp"}


def test_operator_who_finds_the_food_in_order_hands_it_out_again(ready):
    warm(ready, 40)
    warm(ready, 10, degrees=-19.0)

    ready.order(ready.command(CommandType.COMPARTMENT_SERVICE, "service", compartment="F1", state="in_service"))
    visit = ready.bank.enter(collect_pin())

    assert sorted(step.terms.leg for step in visit.steps) == [71, 72]


def test_open_doors_of_a_few_minutes_are_no_excursion(ready):
    for _ in range(3):
        warm(ready, 20)
        warm(ready, 3, degrees=-19.0)

    assert ready.events("zone.excursion.started") == []


def test_probe_that_is_silent_for_half_an_hour_is_an_excursion(ready):
    """Nobody can say that the goods were cold."""
    del ready.driver.temperatures["freezer"]
    ready.wait(2 * MINUTE, step=10)
    soon = zone(ready, "TK")
    ready.wait(30 * MINUTE, step=10)

    assert (soon.c, soon.ok) == (None, False)
    assert [(data["zone"], data["c"]) for data in ready.events("zone.excursion.started")] == [("TK", None)]
    assert 71 in ready.bank.legs.blocked


def test_warm_zone_takes_no_new_goods_although_no_excursion_has_begun(table):
    table.apply(*leg_entries(temperature=Temperature.FROZEN, size="M"))
    warm(table, 2)

    visit = table.bank.enter(deposit_pin(10))

    assert visit.current.door == "no_room"
    assert table.pulses() == []


def test_half_filled_compartment_that_was_too_warm_takes_no_second_shop(table):
    table.apply(*leg_entries((10, 11), temperature=Temperature.FROZEN, size="M"))
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    warm(table, 40)
    pulses = table.pulses()

    with pytest.raises(Refused) as refused:
        table.bank.enter(deposit_pin(11))

    assert refused.value.why == "zone_temp"
    assert table.pulses() == pulses


@pytest.mark.parametrize(("pause", "blocked"), [(20 * MINUTE, False), (40 * MINUTE, True)])
def test_pause_of_the_program_counts_as_a_time_without_readings(ready, pause, blocked):
    ready.wait(2 * MINUTE, step=10)
    ready.ticker.seconds += pause

    ready.restart()
    ready.wait(2 * MINUTE, step=10)
    unsure = 71 in ready.bank.legs.blocked
    ready.bank.clock.learn(ready.bank.clock.now())
    ready.wait(2 * MINUTE, step=10)

    assert not unsure
    assert (71 in ready.bank.legs.blocked) is blocked
    assert [data["zone"] for data in ready.events("zone.excursion.started")] == ["FR", "TK"] * blocked


def test_excursion_outlasts_a_restart_and_is_told_once(ready):
    warm(ready, 40)

    ready.restart()
    warm(ready, 10)

    assert len(ready.events("zone.excursion.started")) == 1
    assert not zone(ready, "TK").ok
    assert 71 in ready.bank.legs.blocked


def test_clock_that_is_set_by_the_server_makes_no_excursion(ready):
    ready.wait(2 * MINUTE, step=10)
    ready.bank.clock.learn(ready.bank.clock.now() + timedelta(hours=20))
    ready.wait(5 * MINUTE, step=10)

    assert ready.events("zone.excursion.started") == []


def test_a_restart_in_the_middle_does_not_begin_the_half_hour_anew(ready):
    ready.bank.clock.learn(ready.bank.clock.now())
    warm(ready, 20)

    ready.restart()
    ready.bank.clock.learn(ready.bank.clock.now())
    warm(ready, 11)

    assert [event["zone"] for event in ready.events("zone.excursion.started")] == ["TK"]
    assert 71 in ready.bank.legs.blocked
