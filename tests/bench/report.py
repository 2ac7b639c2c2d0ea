"""How a benchmark tells what it found."""

import json
import os
import platform
import statistics
from pathlib import Path

import django
from django.db import connection


def write(name: str, rows: list[dict], **context) -> None:
    """Print `rows` as a table and write them, with the machine they ran on, as JSON to the folder $BENCH_OUTPUT."""
    machine = facts()
    path = Path(os.environ["BENCH_OUTPUT"]) / f"{name}-{connection.vendor}.json"
    path.write_text(json.dumps({"name": name, "machine": machine, **context, "rows": rows}, indent=2) + "\n")
    print(f"\n{name} on {machine['database']}, Python {machine['python']}, {machine['cores']} cores: {context}")
    if machine["load"] > 0.5:
        print(f"The machine had other work (load {machine['load']} before the run): orders a second are too few.")
    for line in table(rows):
        print(line)
    print(f"-> {path}", flush=True)


def facts() -> dict:
    """The machine and the versions that the figures belong to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        version = cursor.fetchone()[0].split()[0]
    return {
        "database": f"{connection.display_name} {version}",
        "python": platform.python_version(),
        "django": django.get_version(),
        "cores": os.cpu_count(),
        "load": float(os.environ["BENCH_LOAD"]),
        "processor": _processor(),
        "system": platform.platform(),
    }


def table(rows: list[dict]) -> list[str]:
    """The rows in columns: words to the left, numbers to the right."""
    heads = list(rows[0])
    widths = {head: max(len(str(cell)) for cell in [head, *(row[head] for row in rows)]) for head in heads}
    lines = ["  ".join(head.ljust(widths[head]) for head in heads)]
    for row in rows:
        cells = (
            row[head].ljust(widths[head]) if isinstance(row[head], str) else str(row[head]).rjust(widths[head])
            for head in heads
        )
        lines.append("  ".join(cells).rstrip())
    return lines


def spread(samples: list[float]) -> dict[str, float]:
    """Median and 95th percentile of milliseconds, to a tenth."""
    ordered = sorted(samples)
    return {
        "median_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 1),
    }


def _processor() -> str:
    """Its name as Linux tells it; elsewhere what Python knows."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
