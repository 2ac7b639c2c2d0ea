"""All processes of the demonstration: web site, worker, timetable, one controller per locker bank."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from marketplace.demo import preparing, town
from marketplace.demo.processes import Group, Program, check_ports, listens, says
from pickup.models import Bank, Point

HOST = "127.0.0.1"


def run(say: Callable[[str], None]) -> None:
    """Prepare, start everything, tell where it is, and stay until Ctrl-C or SIGTERM; then stop everything together.

    Raises `PortTaken` before anything is started, `ProgramDied` after everything was stopped.
    """
    banks_expected = sum("doors" in point for point in town.read("town")["points"])
    check_ports([settings.PORT + offset for offset in range(banks_expected + 1)])
    preparing.prepare(say)
    kiosks = kiosk_ports()
    group = Group(programs(kiosks))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: group.stop())
    with group:
        group.wait_until_up(say)
        say(_welcome(kiosks))
        group.watch()
        say("stopping")


def kiosk_ports() -> dict[Bank, int]:
    """The port of each bank's kiosk: they follow that of the site."""
    banks = Bank.objects.filter(point__is_active=True).select_related("point").order_by("pk")
    return {bank: settings.PORT + 1 + position for position, bank in enumerate(banks)}


def programs(kiosks: dict[Bank, int]) -> list[Program]:
    """What runs: web site, worker, timetable, and each bank's controller with its kiosk."""
    logs = settings.VAR_DIR / "log"
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--app", "marketplace"]
    loud = {"LOG_LEVEL": "INFO"}
    web = [*python, "gunicorn", "marketplace.wsgi:application", "--bind", f"{HOST}:{settings.PORT}"]
    web += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]
    worker = [
        *celery,
        "worker",
        "--pool",
        "threads",
        "--concurrency",
        "4",
        "--without-mingle",
        "--without-gossip",
        "--loglevel",
        "INFO",
    ]
    beat = [
        *celery,
        "beat",
        "--schedule",
        str(settings.VAR_DIR / "beat-schedule"),
        "--pidfile",
        "",
        "--loglevel",
        "INFO",
    ]
    found = [
        _program("web site", web, listens(f"{_site()}/"), logs),
        _program("worker", worker, says("ready."), logs, **loud),
        _program("timetable", beat, says("beat: Starting"), logs, **loud),
    ]
    for bank, port in kiosks.items():
        file = preparing.bank_file(bank, kiosk_port=port)
        command = [*python, "pickup.controller", "--config", str(file)]
        found.append(_program(f"locker {bank.code}", command, listens(f"http://{HOST}:{port}/"), logs))
    return found


def _program(name: str, command: list[str], answers: Callable[[Program], bool], logs: Path, **environment) -> Program:
    return Program(
        name=name,
        command=command,
        answers=answers,
        log=logs / f"{name.replace(' ', '-')}.log",
        environment={"PYTHONUNBUFFERED": "1", "PORT": str(settings.PORT), **environment},
    )


def _site() -> str:
    return f"http://{HOST}:{settings.PORT}"


def _welcome(kiosks: dict[Bank, int]) -> str:
    """Addresses and accounts, as a table."""
    pages = town.read("town")
    shops = {shop["slug"]: shop for shop in town.shops()}
    rows = [
        ("Site", f"{_site()}/"),
        ("Mails of the town", f"{_site()}/demo/messagerie/"),
        ("Shop desk", f"{_site()}/espace-boutique/"),
        ("Operator", f"{_site()}/exploitation/"),
        ("Pages", f"{_site()}/cms/"),
        *((f"Locker {bank.point.name}", f"http://{HOST}:{port}/") for bank, port in kiosks.items()),
        ("", ""),
        ("Resident", pages["residents"][0]["email"]),
        *((f"Shop: {shops[slug]['name']}", shops[slug]["people"][0]["email"]) for slug in SHOWN_SHOPS),
        *((f"Counter: {point.name}", _counter_account(point)) for point in _counters()),
        *((f"Editor: {entry['title']}", entry["editor"]["email"]) for entry in pages["associations"]),
        ("Operator", pages["staff"][0]["email"]),
        ("Password of all", town.PASSWORD),
    ]
    width = max(len(label) for label, _value in rows)
    lines = "\n".join(f"  {label:<{width}}  {value}".rstrip() for label, value in rows)
    return f"the town is open. Ctrl-C closes it.\n\n{lines}\n\n  Logs: {settings.VAR_DIR / 'log'}\n"


SHOWN_SHOPS = ("boulangerie-du-pont", "cremerie-des-halles", "librairie-page-tournee")


def _counters() -> list[Point]:
    return list(Point.objects.active().counters().select_related("host_shop").order_by("pk"))


def _counter_account(point: Point) -> str:
    if point.host_shop is None:
        return town.read("town")["staff"][0]["email"]
    return point.host_shop.email
