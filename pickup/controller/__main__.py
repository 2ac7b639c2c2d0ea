"""`python -m pickup.controller [run|check|audit] --config FILE`: run one bank until it is told to stop, prove its doors one
by one, or read its record."""

import argparse
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from . import closed, commissioning, drivers, reading, supervisor
from . import config as configuration
from .bank import Bank
from .bus import InlineBus, ThreadedBus
from .database import JournalFailed
from .drivers.base import Driver
from .kiosk.server import KioskServer
from .program import Heartbeat, make_driver, make_transports, open_bank
from .provisioning import provision

START_AGAIN = 75
"""The exit code (EX_TEMPFAIL) that asks for another start."""
RECONFIGURED = -1
"""No exit code: the program replaces itself, and its supervisor need not know."""
LOOK_SECONDS = 1.0
GOOD_BYE_SECONDS = 3.0

log = logging.getLogger("pickup.controller")


def main(arguments: list[str] | None = None) -> int:
    """Start everything; return the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if arguments[:1] == ["provision"]:
        return _provision(arguments[1:])
    parser = argparse.ArgumentParser(prog="pickup.controller", description=__doc__)
    parser.add_argument("command", nargs="?", choices=("run", "check", "audit", "provision"), default="run")
    parser.add_argument("--config", type=Path, required=True, help="the bank's JSON file")
    reading.add_options(parser.add_argument_group("audit"))
    options = parser.parse_args(arguments)
    if options.command == "provision":
        log.error("provision comes first: python -m pickup.controller provision --server … --token … --out FILE")
        return 2
    try:
        config = configuration.load(options.config)
        if options.command == "audit":
            return reading.run(config, options)
        driver = make_driver(config)
    except (configuration.ConfigError, drivers.DriverError) as error:
        log.error("%s", error)
        return 2
    if options.command == "check":
        return commissioning.run(open_bank(config, driver, bus_kind=ThreadedBus))
    code = run(config, driver)
    if code == RECONFIGURED:
        log.info("A new configuration is in force with this start.")
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 the same command again
    return code


def _provision(arguments: list[str]) -> int:
    """Make this computer a bank; return the exit code."""
    parser = argparse.ArgumentParser(prog="pickup.controller provision", description="Make this computer a bank.")
    parser.add_argument("--server", required=True, help="address of the server, https://…")
    parser.add_argument("--token", required=True, help="the one-time token of the operators' page")
    parser.add_argument("--out", type=Path, required=True, help="file to write, readable by its owner only")
    parser.add_argument("--state-dir", type=Path, help="where the journal is kept; default: beside the file")
    parser.add_argument("--driver", default="simulator", help="kind of lock board; its settings go into the file")
    parser.add_argument("--kiosk-port", type=int, default=8088, help="port of the bank's own screen")
    parser.add_argument("--ca", type=Path, help="certificate authority of the server (PEM), if it is not a public one")
    options = parser.parse_args(arguments)
    try:
        provision(options)
    except configuration.ConfigError as error:
        log.error("%s", error)
        return 2
    log.info("%s holds the identity of the bank.", options.out)
    return 0


def run(config: configuration.Config, driver: Driver) -> int:
    """Run the bank until SIGTERM or Ctrl-C and return 0, or until it must start again; outputs are off afterwards.

    Without a journal to begin with, the page alone is there until it can be written.
    """
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    try:
        bank = open_bank(config, driver, bus_kind=InlineBus if config.steered_clock else ThreadedBus)
    except (JournalFailed, OSError) as failed:
        log.exception("The bank cannot begin.")
        return START_AGAIN if closed.wait(config, getattr(failed, "trouble", "io"), stopped) else 0
    transports, heartbeat, kiosk = make_transports(bank), Heartbeat(bank), KioskServer(bank, driver)
    threads = [threading.Thread(target=part.run, daemon=True) for part in (transports, heartbeat, kiosk)]
    for thread in threads:
        thread.start()
    log.info("Bank %s, boot %d, kiosk at %s", config.bank, bank.journal.boot_id, kiosk.address)
    supervisor.ready()
    while is_well(bank, threads) and not bank.may_restart() and not stopped.wait(LOOK_SECONDS):
        pass
    is_reconfigured = bank.may_restart() and not stopped.is_set()
    if not is_reconfigured:
        supervisor.stopping()
    for part in (kiosk, heartbeat, transports):
        part.stop()
    bank.doors.bus.stop()
    if is_reconfigured:
        threads[0].join(GOOD_BYE_SECONDS)
        return RECONFIGURED
    return 0 if stopped.is_set() else START_AGAIN


def is_well(bank: Bank, threads: list[threading.Thread]) -> bool:
    """Say whether going on makes sense: a damaged journal is put aside by a start only, and no part may be missing."""
    missing = [thread.name for thread in threads if not thread.is_alive()]
    if missing or bank.journal.db.trouble == "damaged":
        log.error("Starting again: %s.", ", ".join(missing) or "the journal is damaged")
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
