"""Run the benchmarks on a database of their own: SQLite in a scratch folder, and PostgreSQL beside it.

Usage: python -m tests.bench [pages]
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import services

NAMES = ["pages"]
ROOT = Path(__file__).resolve().parent.parent.parent


def run(name: str, database: str, url: str, scratch: str) -> int:
    """One benchmark in its own process against the database at `url`."""
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "HALLES_VAR": scratch,
        "DJANGO_SETTINGS_MODULE": "marketplace.settings.test",
        "BENCH_OUTPUT": str(ROOT / "var" / "bench" / f"{name}-{database}.json"),
    }
    return subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], env=environment).returncode


def main() -> int:
    services.provide()
    (ROOT / "var" / "bench").mkdir(parents=True, exist_ok=True)
    names = sys.argv[1:] or NAMES
    worst = 0
    with tempfile.TemporaryDirectory(prefix="halles-bench-") as scratch, services.postgres() as postgres_url:
        for database, url in [("sqlite", f"sqlite:///{scratch}/bench.sqlite3"), ("postgresql", postgres_url)]:
            for name in names:
                worst = max(worst, run(name, database, url, scratch))
    return worst


if __name__ == "__main__":
    sys.exit(main())
