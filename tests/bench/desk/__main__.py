"""Run the measurements of the shop desk, each in an installation and a process of its own that ends by itself.

Usage: python -m tests.bench.desk [PART...]; the figures are printed and written to var/bench/desk-PART.json.
"""

import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from tests import services

# Name of a module of this package: seconds after which it is stopped. A part that is not there is not run.
LONGEST_SECONDS: dict[str, int] = {"board": 600, "imports": 1800, "photos": 600, "api": 600}
OUTPUT = Path(__file__).resolve().parents[3] / "var" / "bench"


def parts() -> list[str]:
    """Those that are there, in their order."""
    return [name for name in LONGEST_SECONDS if find_spec(f"tests.bench.desk.{name}")]


def main() -> int:
    names = sys.argv[1:] or parts()
    if unknown := set(names) - set(parts()):
        raise SystemExit(f"There is no benchmark {', '.join(sorted(unknown))}: choose among {', '.join(parts())}.")
    services.provide()
    OUTPUT.mkdir(parents=True, exist_ok=True)
    failed = [name for name in names if not _run(name)]
    return 1 if failed else 0


def _run(name: str) -> bool:
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.desk.part", name]
    with tempfile.TemporaryDirectory(prefix="halles-bench-") as scratch:
        try:
            return subprocess.run(command, env=_environment(scratch), timeout=LONGEST_SECONDS[name]).returncode == 0
        except subprocess.TimeoutExpired:
            print(f"[bench] {name} was not done in time", file=sys.stderr)
            return False


def _environment(scratch: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{scratch}/bench.sqlite3",
        "HALLES_VAR": scratch,
        "DJANGO_SETTINGS_MODULE": "marketplace.settings.base",
        "LOG_LEVEL": "ERROR",
        "BENCH_OUTPUT": str(OUTPUT),
        "BENCH_LOAD": f"{os.getloadavg()[0]:.1f}",
    }


if __name__ == "__main__":
    sys.exit(main())
