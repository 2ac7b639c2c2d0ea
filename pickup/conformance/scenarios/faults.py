"""Doors, sensors, boards and power that fail."""

from dataclasses import replace

from pickup.conformance.papers import LEG, collect_pin, deposit_pin
from pickup.conformance.rehearsal import Interruption, Rehearsal
from pickup.conformance.wall import BOARDS
from pickup.protocol.commands import OPEN_LIFE
from pickup.protocol.vocabulary import Door, Outcome, Service, Size, Temperature

from . import SURVIVES_BOTH, scenario
from .collecting import ready
from .commands import outcomes
from .order import claimed

OVERNIGHT = 8 * 3600
LONGER_THAN_A_LATE_EDGE = 11


@scenario(Interruption.KILLED, minutes=6)
def jam(stage: Rehearsal) -> None:
    """S10 | jam
    | empty door: re-assigned, same PIN; occupied door: *stuck*, operator paged, reservation kept"""
    stage.wall.jam("A1")
    stage.faulty.add("A1")
    stage.server.authorise(*stage.papers.leg_entries())
    stage.talk()

    stage.accepted(deposit_pin())
    stage.wait(10)
    door = stage.opened()
    stage.true("The empty jammed door was replaced by another.", door != "A1")
    stage.refused_with(None, stage.keypad.deposit("deposited"))
    stage.shut(door)
    stage.keypad.finish()

    stage.wall.jam(door)
    stage.faulty.add(door)
    stage.accepted(collect_pin())
    stage.equal("the jammed door with goods", stage.settled(), (door, "stuck"))
    stage.refused_with("door_not_opened", stage.keypad.claim())
    stage.keypad.finish()
    stage.middle()
    stage.wait(300, step=5)
    stage.heal()
    stage.equal("completions", stage.server.events("claim") + stage.server.events("claim.timeout"), [])
    stage.equal("the leg behind the jammed door", stage.server.compartment(door)["leg"], LEG)
    stage.wall.free(door)
    stage.equal("the door that the same PIN opens", stage.collect(collect_pin()), door)
    stage.heal()

    taken_out = [(data["compartment"], data["why"]) for data in stage.server.events("compartment.service")]
    stage.equal("compartments taken out of service", taken_out, [("A1", "jam"), (door, "jam")])
    stage.true("Each jam got two pulses.", stage.wall.pulses[:2] == ["A1", "A1"])


@scenario(*SURVIVES_BOTH)
def sensor_cable_cut(stage: Rehearsal) -> None:
    """S11 | sensor cable cut
    | still opens, `opened_unverified`; compartment drains, or is quarantined where a cut cable looks like an open door"""
    door = ready(stage)
    stage.wait(LONGER_THAN_A_LATE_EDGE)
    stage.wall.cut_sensor(door)
    stage.wait(3)
    stage.middle()

    stage.equal("the door that the PIN opens", stage.collect(collect_pin()), door)
    stage.heal()

    opened = [data["outcome"] for data in stage.server.events("door.opened")]
    stage.equal("outcomes", opened, [Outcome.OPENED, Outcome.OPENED_UNVERIFIED])
    told, service = (
        ("door.unknown", Service.DRAINING)
        if stage.wall.traits.cut_is_told
        else ("door.uncommanded_open", Service.QUARANTINED)
    )
    stage.equal("service of the compartment", stage.server.compartment(door)["svc"], service)
    stage.equal("doors of which it is told", {data["compartment"] for data in stage.server.events(told)}, {door})


@scenario(Interruption.CUT, minutes=492)
def left_open_overnight(stage: Rehearsal) -> None:
    """S12 | door left open overnight
    | warnings at 60 s and 2 min, `quarantined(left_open)` at 10 min, no completion without claim"""
    door = ready(stage)
    stage.middle()

    stage.accepted(collect_pin())
    stage.opened()
    stage.wait(130, step=2)
    stage.wait(490, step=10)
    stage.wait(OVERNIGHT, step=120)
    stage.heal()

    warnings = [event for event in stage.server.all_events() if event.type == "door.left_open"]
    stage.equal("warnings", [event.data["seconds"] for event in warnings], [60, 120, 600])
    opened = next(
        event
        for event in stage.server.all_events()
        if event.data.get("purpose") == "collect" and event.type == "door.opened"
    )
    for event in warnings:
        late = (event.mono_ms - opened.mono_ms) / 1000 - event.data["seconds"]
        stage.true(f"The warning of {event.data['seconds']} s comes in time, not {late} s late.", -1 <= late <= 11)
    state = stage.server.compartment(door)
    stage.equal("service", (state["svc"], state["why"]), (Service.QUARANTINED, "left_open"))
    stage.equal("completions", stage.server.events("claim") + stage.server.events("claim.timeout"), [])
    stage.accepted(collect_pin())
    stage.opened()
    stage.refused_with(None, stage.keypad.claim())
    stage.talk()
    stage.equal("claims", claimed(stage), [[LEG]])


@scenario(*SURVIVES_BOTH, minutes=56)
def freezer_out_of_band(stage: Rehearsal) -> None:
    """S17 | freezer out of band for 40 min
    | excursion event, `quarantined(temp)`, food legs blocked, shops told"""
    frozen = stage.papers.leg_entries(temperature=Temperature.FROZEN, size=Size.M)
    bread = stage.papers.leg_entries(reservation=2, leg=LEG + 1)
    stage.server.authorise(*frozen, *bread)
    stage.talk()
    door = stage.deposit(deposit_pin())
    other = stage.deposit(deposit_pin(reservation=2))
    stage.equal("excursions while it is cold", stage.server.events("zone.excursion.started"), [])

    stage.wall.warm("frozen", -11.0)
    stage.wait(20 * 60, step=10)
    stage.middle()
    stage.wait(20 * 60, step=10)
    stage.refused_with("zone_temp", stage.keypad.enter(collect_pin()))
    stage.wall.warm("frozen", -19.0)
    stage.wait(15 * 60, step=10)
    stage.refused_with("zone_temp", stage.keypad.enter(collect_pin()))
    stage.equal("the door of the bread", stage.collect(collect_pin(2)), other)
    stage.heal()

    zones = [data["zone"] for data in stage.server.events("zone.excursion.started")]
    stage.equal("excursions", zones, ["frozen"])
    stage.equal(
        "ends of excursions", [data["zone"] for data in stage.server.events("zone.excursion.ended")], ["frozen"]
    )
    state = stage.server.compartment(door)
    stage.equal("service", (state["svc"], state["why"], state["leg"]), (Service.QUARANTINED, "temp", LEG))
    stage.equal("pulses", stage.wall.pulses, [door, other, other])


@scenario(*SURVIVES_BOTH)
def opened_without_command(stage: Rehearsal) -> None:
    """S13 | door opens without command
    | `door.uncommanded_open`, quarantine, security alert"""
    door = ready(stage)
    stage.wait(20)
    stage.middle()

    stage.wall.force(door)
    stage.wait(2)
    stage.shut(door)
    stage.heal()

    forced = [data["compartment"] for data in stage.server.events("door.uncommanded_open")]
    stage.equal("doors opened without command", forced, [door])
    state = stage.server.compartment(door)
    stage.equal("service", (state["svc"], state["why"], state["leg"]), (Service.QUARANTINED, "intrusion", LEG))
    stage.equal("completions", stage.server.events("claim") + stage.server.events("claim.timeout"), [])
    stage.equal("pulses", stage.wall.pulses, [door])


@scenario(Interruption.CUT)
def power_loss_with_open_door(stage: Rehearsal) -> None:
    """S21 | power loss with open door
    | outputs off at boot, no pulse, door reported open, then left-open rules"""
    door = ready(stage)
    stage.accepted(collect_pin())
    stage.opened()
    stage.middle()
    offs, pulses = stage.wall.offs, list(stage.wall.pulses)

    stage.power_cut()
    if stage.wall.traits.outputs_stay:
        stage.true("The outputs were switched off at the start.", stage.wall.offs > offs)
    stage.wait(62, step=2)
    stage.heal()

    stage.equal("pulses", stage.wall.pulses, pulses)
    stage.equal("door in the snapshot", stage.server.compartment(door)["door"], Door.OPEN)
    stage.true(
        "The open door is warned of after a minute.",
        {"compartment": door, "seconds": 60} in stage.server.events("door.left_open"),
    )
    stage.equal("completions", stage.server.events("claim") + stage.server.events("claim.timeout"), [])
    stage.equal("starts", len(stage.server.events("power.restored")), 2)
    stage.collect(collect_pin())
    stage.heal()
    stage.equal("claims", claimed(stage), [[LEG]])


@scenario(Interruption.KILLED, hurried=True)
def one_board_of_three_dead(stage: Rehearsal) -> None:
    """S22 | board 2 of 3 dead
    | boards 1 and 3 work; its doors `unknown`; commands `failed_comm`; reconnect with 60 s cool-down, never a latch"""
    dead = [name for name, board in BOARDS.items() if board == 2]
    alive = [name for name, board in BOARDS.items() if board != 2]
    stage.wall.silence(2)
    stage.faulty.update(dead)
    stage.wait(3)
    stage.middle()
    stage.wait(3)

    first, lost, last = (stage.command(name) for name in (alive[0], dead[0], alive[-1]))
    stage.send(first)
    stage.shut(alive[0])
    stage.send(lost)
    stage.wait(65, step=2.5)
    stage.send(replace(last, issued_at=stage.clock.now(), not_after=stage.clock.now() + OPEN_LIFE))
    stage.shut(alive[-1])
    stage.talk()
    stage.equal("doors of the dead board", {stage.server.compartment(name)["door"] for name in dead}, {Door.UNKNOWN})
    stage.equal("other doors", {stage.server.compartment(name)["door"] for name in alive}, {Door.CLOSED})
    stage.equal("outcomes", outcomes(stage, first, lost, last), [Outcome.OPENED, Outcome.FAILED_COMM, Outcome.OPENED])
    stage.equal("pulses", sorted(stage.wall.pulses), sorted([alive[0], alive[-1]]))

    stage.wall.wake(2)
    stage.wait(65, step=2.5)
    stage.talk()
    again = stage.command(dead[0])
    stage.send(again)
    stage.equal("outcome after the board came back", outcomes(stage, again), [Outcome.OPENED])
