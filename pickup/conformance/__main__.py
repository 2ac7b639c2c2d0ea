"""`python -m pickup.conformance --command '… {config}'`: prove that a controller keeps the contract of docs/lockers-protocol.md.

Prints one line for each scenario and interruption; the exit code is 0 when all passed, 1 when one failed. With `--wall` the
controller drives emulated boards through its real driver for them.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from . import walls
from .clocks import RealClock
from .rehearsal import HTTPS, MQTT
from .running import Result, run_all, why_left_out
from .scenarios import Scenario, all_scenarios

DEFAULT_COMMAND = f"{sys.executable} -m pickup.controller --config {{config}}"


def main(arguments: list[str] | None = None) -> int:
    """Play what was asked for; return the exit code."""
    options = _parser().parse_args(arguments)
    results = []
    try:
        wall = walls.find(options.wall)
        chosen = _chosen(options.only)
    except LookupError as error:
        raise SystemExit(str(error)) from error
    playable = []
    for scenario in chosen:
        if why := why_left_out(scenario, wall, is_steered=options.clock == "steered", longest=options.longest):
            print(f"{scenario.number:4}left out: {why}", flush=True)
        else:
            playable.append(scenario)
    for result in run_all(
        playable,
        options.command,
        transport=options.transport,
        clock=RealClock if options.clock == "real" else None,
        plainly=options.plainly,
        wall=wall,
    ):
        print(line(result), flush=True)
        results.append(result)
    failed = [result for result in results if not result.passed]
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    if options.json:
        options.json.write_text(json.dumps(document(results), indent=2), encoding="utf-8")
    return 1 if failed or not results else 0


def line(result: Result) -> str:
    """Return one row of the table."""
    how = "" if result.interruption == "none" else f", {result.interruption}"
    verdict = "pass" if result.passed else "FAIL"
    row = f"{result.number:4}{verdict}  {result.seconds:6.1f} s  {result.title}{how}"
    return row if result.passed else f"{row}\n      {result.words}"


def document(results: Iterable[Result]) -> dict:
    """Return the results for other programs."""
    results = list(results)
    return {"passed": all(result.passed for result in results), "results": [each.as_document() for each in results]}


def _chosen(only: str | None) -> list[Scenario]:
    known = {scenario.number: scenario for scenario in all_scenarios()}
    wanted = only.split(",") if only else list(known)
    if missing := [number for number in wanted if number not in known]:
        raise LookupError(f"There is no scenario {', '.join(missing)}.")
    return [known[number] for number in wanted]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pickup.conformance", description=__doc__)
    parser.add_argument(
        "--command", default=DEFAULT_COMMAND, help="starts the controller; {config} is its file (default: our own)"
    )
    parser.add_argument("--transport", choices=[HTTPS, MQTT], default=HTTPS)
    parser.add_argument(
        "--wall",
        default="socket_wall",
        metavar="NAME",
        help=f"what the controller drives: {', '.join(walls.WALLS)}, or your own as module:Class",
    )
    parser.add_argument("--only", help="numbers of scenarios, such as S4,S9")
    parser.add_argument("--plainly", action="store_true", help="without the interruptions")
    parser.add_argument(
        "--clock",
        choices=["steered", "real"],
        default="steered",
        help="real: for a controller without steered_clock; waits as long as the scenarios last, without S14",
    )
    parser.add_argument(
        "--longest", type=int, metavar="MINUTES", help="leave out what lasts longer by the controller's clock"
    )
    parser.add_argument("--json", type=Path, help="file for the results")
    return parser


if __name__ == "__main__":
    sys.exit(main())
