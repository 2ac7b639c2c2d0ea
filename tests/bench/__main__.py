"""Run the benchmarks on a town of their own: in SQLite, then in PostgreSQL. Ends by itself, after six minutes at the latest.

Usage: python -m tests.bench [pages] [orders]
"""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests import services

NAMES = ["pages", "orders"]
OUTPUT = Path(__file__).resolve().parent.parent.parent / "var" / "bench"
LONGEST_SECONDS = 360


def run(module: str, *, until: float, **environment: str) -> None:
    """One module in a process of its own; raises when it fails or is not done at the moment `until`."""
    subprocess.run(
        [sys.executable, "-W", "ignore", "-m", f"tests.bench.{module}"],
        env={**os.environ, **environment},
        check=True,
        timeout=max(1.0, until - time.monotonic()),
    )


def environment(scratch: Path, url: str) -> dict[str, str]:
    """An installation of its own: database, secret key, files and queue lie in `scratch` or at `url`."""
    scratch.mkdir()
    return {
        "DATABASE_URL": url,
        "HALLES_VAR": str(scratch),
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "LOG_LEVEL": "ERROR",
        "BENCH_OUTPUT": str(OUTPUT),
        "BENCH_LOAD": f"{os.getloadavg()[0]:.1f}",
    }


def measure(names: list[str], installations: list[dict[str, str]], *, until: float) -> None:
    """Fill all towns at the same time, then measure one after the other."""
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda each: run("town", until=until, **each), installations))
    for each in installations:
        for name in names:
            run(name, until=until, **each)


def main() -> int:
    names = sys.argv[1:] or NAMES
    if unknown := set(names) - set(NAMES):
        raise SystemExit(f"There is no benchmark {', '.join(sorted(unknown))}: choose among {', '.join(NAMES)}.")
    services.provide()
    OUTPUT.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + LONGEST_SECONDS
    with tempfile.TemporaryDirectory(prefix="halles-bench-") as folder, services.postgres(durable=True) as server:
        scratch = Path(folder)
        installations = [
            environment(scratch / "sqlite", f"sqlite:///{scratch}/sqlite/bench.sqlite3"),
            environment(scratch / "postgresql", server.replace("/halles?", "/postgres?")),  # every server has this one
        ]
        try:
            measure(names, installations, until=until)
        except subprocess.TimeoutExpired as late:
            print(f"[bench] {late.cmd[-1]} was not done in time", file=sys.stderr)
            return 1
        except subprocess.CalledProcessError as failed:
            return failed.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
