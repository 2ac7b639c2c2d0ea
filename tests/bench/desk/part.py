"""One measurement of the desk in this process. Usage: python -m tests.bench.desk.part PART (`tests.bench.desk` calls it)."""

import json
import os
import sys
from importlib import import_module
from pathlib import Path

import django


def main(name: str) -> None:
    """Migrate, measure, print the figures as a table and write them, with the machine they belong to, as JSON."""
    django.setup()
    from django.core.management import call_command

    from tests.bench import report

    call_command("migrate", verbosity=0, skip_checks=True)
    figures = import_module(f"tests.bench.desk.{name}").measure()
    machine = report.facts()
    path = Path(os.environ["BENCH_OUTPUT"]) / f"desk-{name}.json"
    path.write_text(json.dumps({"name": name, "machine": machine, "figures": figures}, indent=2) + "\n")
    print(f"\ndesk {name} on {machine['database']}, Python {machine['python']}, {machine['cores']} cores")
    if machine["load"] > 0.5:
        print(f"The machine had other work (load {machine['load']} before the run): times are too long.")
    for line in report.table([{"figure": figure, "value": value} for figure, value in figures.items()]):
        print(line)
    print(f"-> {path}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
