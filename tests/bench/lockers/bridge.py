"""Commands per second through the real bridge: 200 banks on one broker, PostgreSQL with fsync; then with the broker killed on the way.

The banks are light ones (real envelopes, signatures, outboxes; no doors) in a process of their own. Time runs from the moment when all
commands are written to the database until the last final answer is in it. In the second run the broker is killed when a third is
answered and started again a second later. Nothing may be lost and nothing carried out twice. What bridge, banks and database cost is
given as processor time for each command. Usage: python -m tests.bench.lockers bridge
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

import django

BANKS, COMMANDS_EACH = 200, 50
PATIENCE_SECONDS = 100
AWAY_SECONDS = 1.0


def banks_process(port: int, codes: list[str], public: dict) -> None:
    """Be all banks until a line comes on standard input; then say how many commands came again, and how often a line was lost."""
    from pickup.protocol import envelope
    from pickup.protocol.topics import Channel
    from tests.light_bank import LightBank

    class Port:
        pass

    Port.port = port
    known = envelope.read_public_keys(public)
    banks = [LightBank(code, Port, known) for code in codes]
    for bank in banks:
        bank.connect(own_thread=False)
    stopped = threading.Event()

    def turn(some: list[LightBank]) -> None:
        while not stopped.is_set():
            for bank in some:
                if bank.client.loop(0.0005):
                    _reconnect(bank)

    for part in range(4):
        threading.Thread(target=turn, args=(banks[part::4],), daemon=True).start()
    while not all(bank.ready.is_set() for bank in banks):
        time.sleep(0.05)
    while unheard := [bank for bank in banks if not bank.replies]:  # the bridge has yet to start, or to greet them
        for bank in unheard:
            bank.send(channel=Channel.HEARTBEAT)
        time.sleep(1)

    def remind() -> None:
        while not stopped.wait(1):
            for bank in banks:
                bank.send_again()

    threading.Thread(target=remind, daemon=True).start()
    print("ready", flush=True)
    sys.stdin.readline()
    stopped.set()
    print([sum(bank.repeats for bank in banks), sum(bank.connections - 1 for bank in banks)])


def _reconnect(bank) -> None:
    try:
        bank.client.reconnect()
    except OSError:
        time.sleep(0.02)


def measure() -> None:
    """Both runs on the database of DATABASE_URL."""
    django.setup()
    from django.core.management import call_command

    from tests.bench.report import write

    call_command("migrate", verbosity=0, skip_checks=True)
    rows = [_run("broker up all the time", kill=False), _run("broker killed and started again", kill=True)]
    write("lockers-bridge", rows, banks=BANKS, commands=BANKS * COMMANDS_EACH)
    if any(row["lost"] or row["doubled"] for row in rows):
        raise SystemExit("Commands were lost or doubled.")


def _run(name: str, *, kill: bool) -> dict:
    from pickup.banks import keys
    from pickup.models import BankCommand
    from tests.broker import broker as running_broker
    from tests.pickup.makers import make_bank

    banks = [make_bank("S") for _ in range(BANKS)]
    with running_broker(*(bank.code for bank in banks)) as broker:
        environment = {**os.environ, "MQTT_URL": broker.bridge_url}
        bridge = subprocess.Popen([sys.executable, "manage.py", "mqtt_bridge"], env=environment)
        told = json.dumps([broker.port, [bank.code for bank in banks], keys.public_keys()])
        devices = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.lockers.bridge", "banks", told],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert devices.stdout.readline().strip() == "ready"
            mine = BankCommand.objects.filter(bank__in=banks)
            began = time.monotonic()
            _owe(banks)
            written = time.monotonic()
            before = _processor_seconds(bridge.pid, devices.pid)
            _until(lambda: mine.exclude(outcome="").count() >= BANKS * COMMANDS_EACH / 3)
            answered = None
            if kill:
                broker.kill()
                answered = mine.exclude(outcome="").count()
                time.sleep(AWAY_SECONDS)
                broker.start()
            _until(lambda: not mine.filter(outcome="").exists())
            took = time.monotonic() - written
            after = _processor_seconds(bridge.pid, devices.pid)
            devices.stdin.write("\n")
            devices.stdin.flush()
            sent_again, lines_lost = json.loads(devices.stdout.readline())
            total = BANKS * COMMANDS_EACH
            return {
                "run": name,
                "commands": total,
                "written_s": round(written - began, 1),
                "answered_s": round(took, 1),
                "per_second": round(total / took),
                **{f"{part}_ms": round(1000 * (after[part] - before[part]) / total, 2) for part in after},
                "lost": total - mine.filter(outcome="opened").count(),
                "doubled": _carried_out(banks) - total,
                "sent_again": sent_again,
                "lines_lost": lines_lost,
                "answered_at_kill": answered,
            }
        finally:
            bridge.terminate()
            bridge.wait(20)
            devices.kill()
            devices.wait()


def _processor_seconds(bridge: int, devices: int) -> dict[str, float]:
    """Processor time used so far by the parts, all its processes included in the database's."""
    from django.db import connection

    from tests.bench.processor import family_seconds, parent_of, seconds

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (mine,) = cursor.fetchone()
    return {
        "bridge": seconds(bridge),
        "devices": seconds(devices),
        "database": family_seconds(parent_of(mine)),
    }


def _owe(banks: list) -> None:
    """All commands in one transaction, as many for each bank."""
    from django.utils import timezone

    from pickup.models import BankCommand
    from pickup.protocol import envelope

    now = timezone.now()
    rows = [
        BankCommand(
            bank=bank,
            type="compartment.service",
            command_id=envelope.new_ulid(now),
            cseq=number,
            issued_at=now,
            not_after=now + timedelta(hours=1),
            reason="service",
            data={"compartment": "C1", "state": "in_service", "why": None},
        )
        for number in range(1, COMMANDS_EACH + 1)
        for bank in banks
    ]
    BankCommand.objects.bulk_create(rows)
    for bank in banks:
        bank.cseq = COMMANDS_EACH
        bank.save(update_fields=["cseq"])


def _carried_out(banks: list) -> int:
    """How often banks say that they have carried a command out, not answered from memory."""
    from pickup.models import BankEvent

    finals = BankEvent.objects.filter(bank__in=banks, type="command.outcome", data__phase="final")
    return finals.filter(data__duplicate=False).count()


def _until(happened) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        if time.monotonic() > end:
            raise SystemExit("The commands were not answered in time.")
        time.sleep(0.1)


def main() -> None:
    """A PostgreSQL of its own, then both runs in a process that knows it."""
    from tests import services

    with tempfile.TemporaryDirectory(prefix="halles-bench-") as folder, services.postgres(durable=True) as server:
        environment = {
            **os.environ,
            "DATABASE_URL": server.replace("/halles?", "/postgres?"),
            "HALLES_VAR": str(Path(folder)),
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            "LOG_LEVEL": "ERROR",
        }
        command = [sys.executable, "-W", "ignore", "-m", "tests.bench.lockers.bridge", "measure"]
        sys.exit(subprocess.run(command, env=environment).returncode)


if __name__ == "__main__":
    if sys.argv[1:2] == ["banks"]:
        banks_process(*json.loads(sys.argv[2]))
    elif sys.argv[1:2] == ["measure"]:
        measure()
    else:
        main()
