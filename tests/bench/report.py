"""How a benchmark tells what it found."""

import json
import os
import platform
import statistics
from pathlib import Path

from django.db import connection


def write(name: str, rows: list[dict], **context) -> None:
    """Print `rows` as a table and write them, with the machine they ran on, as JSON to $BENCH_OUTPUT."""
    result = {
        "name": name,
        "database": connection.vendor,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        **context,
        "rows": rows,
    }
    Path(os.environ["BENCH_OUTPUT"]).write_text(json.dumps(result, indent=2) + "\n")
    print(f"\n{name} ({connection.vendor}, {context})")
    columns = list(rows[0])
    widths = [
        max(len(str(row[column])) for row in [dict(zip(columns, columns, strict=True)), *rows]) for column in columns
    ]
    for row in [dict(zip(columns, columns, strict=True)), *rows]:
        print("  ".join(str(row[column]).rjust(width) for column, width in zip(columns, widths, strict=True)))


def spread(samples: list[float]) -> dict[str, float]:
    """Median and 95th percentile of milliseconds."""
    ordered = sorted(samples)
    return {
        "median_ms": round(statistics.median(ordered), 2),
        "p95_ms": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 2),
    }
