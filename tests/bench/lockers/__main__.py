"""Run the measurements of the lockers, each in a process of its own that ends by itself.

Usage: python -m tests.bench.lockers [NAME...]
"""

import os
import subprocess
import sys
from pathlib import Path

from tests import services

# Name of a module of this package: seconds after which it is stopped.
LONGEST_SECONDS: dict[str, int] = {
    "allocation": 900,
    "offers": 300,
    "bus": 600,
    "bridge": 280,
    "controller": 120,
    "guessing": 120,
}
OUTPUT = Path(__file__).resolve().parents[3] / "var" / "bench"


def main() -> int:
    names = sys.argv[1:] or list(LONGEST_SECONDS)
    if unknown := set(names) - set(LONGEST_SECONDS):
        raise SystemExit(
            f"There is no benchmark {', '.join(sorted(unknown))}: choose among {', '.join(LONGEST_SECONDS)}."
        )
    services.provide()
    OUTPUT.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "BENCH_OUTPUT": str(OUTPUT), "BENCH_LOAD": f"{os.getloadavg()[0]:.1f}"}
    failed = [name for name in names if not _run(name, environment)]
    return 1 if failed else 0


def _run(name: str, environment: dict[str, str]) -> bool:
    command = [sys.executable, "-W", "ignore", "-m", f"tests.bench.lockers.{name}"]
    try:
        return subprocess.run(command, env=environment, timeout=LONGEST_SECONDS[name]).returncode == 0
    except subprocess.TimeoutExpired:
        print(f"[bench] {name} was not done in time", file=sys.stderr)
        return False


if __name__ == "__main__":
    sys.exit(main())
