"""Remote orders: at most once, in time, signed, and few."""

from dataclasses import replace

from pickup.conformance.papers import BANK, KID, SERVER_KEY
from pickup.conformance.rehearsal import Interruption, Rehearsal
from pickup.protocol import envelope
from pickup.protocol.vocabulary import Outcome, Phase

from . import MQTT, scenario

TEN_MINUTES = 600
MOST_A_MINUTE, MOST_OPEN = 6, 2


def outcomes(stage: Rehearsal, *commands) -> list[str]:
    """How the server was told that the commands ended, one word each."""
    return [stage.server.finals(command)[0][0] if stage.server.finals(command) else None for command in commands]


@scenario(Interruption.KILLED)
def cut_between_accepted_and_final(stage: Rehearsal) -> None:
    """S3 | network cut between `accepted` and `final`
    | no second pulse; `final` arrives from the outbox; server shows "outcome pending" until then"""
    command = stage.command("A1")
    stage.wall.jam("A1")

    stage.server.order(command.sign(SERVER_KEY, KID))
    stage.talk()
    stage.line.cut()
    stage.wall.force("A1")
    stage.wait(1)
    phases = {answer.phase for answer in stage.server.answers(command)}
    stage.equal("what the server knows while the line is cut", phases, {Phase.ACCEPTED})
    stage.wait(30)
    stage.middle()
    stage.heal()
    stage.server.withdraw()

    stage.equal("final", stage.server.finals(command)[:1], [(Outcome.OPENED, None, False)])
    stage.equal("pulses", stage.wall.pulses, ["A1"])


@scenario(Interruption.KILLED, without_sensors=True)
def same_command_twice(stage: Rehearsal) -> None:
    """S5 | duplicate QoS 1 command
    | one pulse; stored outcome with `duplicate:true`"""
    command = stage.command("A1")

    stage.send(command)
    stage.shut("A1")
    stage.middle()
    stage.send(replace(command, message_id=envelope.new_ulid(stage.clock.now())))

    finals = stage.finals(command)
    stage.equal("first final", finals[0], (stage.success, None, False))
    stage.equal("repeated finals", set(finals[1:]), {(stage.success, None, True)})
    stage.equal("pulses", stage.wall.pulses, ["A1"])


@scenario(Interruption.KILLED, without_sensors=True, minutes=11)
def command_ten_minutes_late(stage: Rehearsal) -> None:
    """S6 | command delivered 10 min late
    | `expired`, no pulse"""
    command = stage.command("A1")
    stage.wait(TEN_MINUTES, step=10)
    stage.middle()
    stage.talk()

    stage.send(command)

    stage.equal("final", outcomes(stage, command), [Outcome.EXPIRED])
    stage.equal("pulses", stage.wall.pulses, [])


@scenario(Interruption.KILLED, transports=(MQTT,), without_sensors=True)
def retained_command(stage: Rehearsal) -> None:
    """S7 | retained command injected
    | ignored and counted"""
    stage.server.publish(stage.command("A1").sign(SERVER_KEY, KID), retain=True)
    stage.talk()
    stage.middle()
    stage.line.cut()
    stage.wait(5)
    stage.heal()
    stage.send(stage.command("A2"))

    stage.equal("pulses", stage.wall.pulses, ["A2"])
    stage.equal("alerts", set(stage.server.alerts()), {"retained_command"})


@scenario(Interruption.KILLED, without_sensors=True)
def forged_and_outdated_commands(stage: Rehearsal) -> None:
    """S8 | unsigned command, or wrong `cseq`
    | `refused` + alert, no pulse"""
    forger = envelope.read_private_key(envelope.new_private_key())
    stage.send(stage.command("A1"))
    stage.shut("A1")
    stage.middle()
    stage.talk()

    altered = stage.command("A2").sign(SERVER_KEY, KID) | {"data": {"compartment": "A5"}}
    unsigned = {key: value for key, value in stage.command("A3").sign(SERVER_KEY, KID).items() if key != "sig"}
    stage.send_documents(stage.command("A2").sign(forger, KID), altered, unsigned)
    stage.send_documents(replace(stage.command("A2"), bank=f"{BANK}x").sign(SERVER_KEY, KID))
    outdated = replace(stage.command("A2"), cseq=1)
    stage.send(outdated)

    stage.equal("pulses", stage.wall.pulses, ["A1"])
    stage.equal("final of the outdated one", stage.finals(outdated)[0][:2], (Outcome.REFUSED, "old_cseq"))
    stage.equal("alerts", set(stage.server.alerts()), {"bad_signature", "bad_command", "old_cseq"})


@scenario(Interruption.KILLED, hurried=True, without_sensors=True)
def burst_of_remote_opens(stage: Rehearsal) -> None:
    """S9 | burst of 50 remote opens
    | doors closed again each time: stops at 6 in a minute; doors left open: stops at 2; rest `refused(budget)`;
    alarm from the fourth within a minute"""
    shut_again = [stage.command(name) for name in ["A1", "A2", "A3"]]
    for command in shut_again:
        _open_and_shut(stage, command)
    stage.equal("alerts after three", stage.server.alerts(), [])
    for name in ["A4", "A5", "C1", "C2", "F1"]:
        shut_again.append(stage.command(name))
        _open_and_shut(stage, shut_again[-1])
    stage.equal("alerts after the fourth", stage.server.alerts()[:1], ["remote_budget"])
    stage.equal(
        "doors shut again", outcomes(stage, *shut_again), [stage.success] * MOST_A_MINUTE + [Outcome.REFUSED] * 2
    )
    stage.equal("pulses", len(stage.wall.pulses), MOST_A_MINUTE)
    stage.middle()

    stage.wait(61)
    stage.talk()
    names = ["A1", "A2", "A3", "A4", "A5", "C1", "C2", "F1"]
    most = MOST_OPEN if stage.wall.traits.sensors else MOST_A_MINUTE
    left_open = [stage.command(names[index % len(names)]) for index in range(50)]
    stage.send(*left_open)

    stage.equal("pulses", stage.wall.pulses[MOST_A_MINUTE:], names[:most])
    reasons = {final[1] for command in left_open[most:] for final in stage.server.finals(command)}
    stage.equal("reasons of the refusals", reasons - {"busy"}, {"budget"})


def _open_and_shut(stage: Rehearsal, command) -> None:
    stage.server.order(command.sign(SERVER_KEY, KID))
    stage.talk()
    stage.server.withdraw()
    stage.shut(command.data["compartment"])
