"""`make test`: every test on a database, what hangs on the database on both, the journeys in the browser.

Nothing is skipped: a test that asks to be fails the run. Usage: python -m tests.run [pytest arguments]
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests import services

# What locks, counts, searches, sorts or sums in the database; the other folders meet it through these.
ON_POSTGRES = ["tests/checkout", "tests/pickup", "tests/races", "tests/shops", "tests/storefront"]
# Of these, what no database answers otherwise: who may see a page, and what is computed before a row is written.
ONCE_ON_SQLITE = [
    "tests/pickup/operating/test_no_open_all.py",
    "tests/pickup/operating/test_rights.py",
    "tests/pickup/planning",
    "tests/shops/api/test_walls.py",
    "tests/shops/test_archives.py",
    "tests/shops/test_desk_uploads.py",
    "tests/shops/test_desk_walls.py",
    "tests/shops/test_hours.py",
    "tests/shops/test_legal.py",
    "tests/shops/test_mandates.py",
    "tests/shops/test_pictures.py",
    "tests/shops/test_prose.py",
    "tests/shops/test_tablets.py",
]
# PostgreSQL refuses more than SQLite (NUL, numbers out of range): what is typed into forms meets the stricter one.
ONCE_ON_POSTGRES = ["tests/shops/api/test_nonsense.py", "tests/shops/test_desk_nonsense.py"]


def pytest(*arguments: str, **environment: str) -> int:
    """One pytest run in its own process; its exit code."""
    command = [sys.executable, "-m", "pytest", "-q", "--nothing-skipped", *arguments, *sys.argv[1:]]
    print(f"[halles] {' '.join(command[2:])}", flush=True)
    begun = time.monotonic()
    code = subprocess.run(command, env={**os.environ, **environment}).returncode
    print(f"[halles] {'green' if code == 0 else 'RED'} after {time.monotonic() - begun:.0f} s", flush=True)
    return code


def without(paths: list[str]) -> list[str]:
    """The arguments that leave these paths out."""
    if gone := [path for path in paths if not Path(path).exists()]:
        raise SystemExit(f"[halles] tests/run.py names what is not there: {', '.join(gone)}")
    return [f"--ignore={path}" for path in paths]


def main() -> int:
    services.provide()
    subprocess.run([sys.executable, "scripts/catalogues.py"], check=True)
    results = [pytest("-n", "2", "-m", "not race and not browser", *without(ONCE_ON_POSTGRES))]
    with services.postgres() as url:
        arguments = ["-n", "2", "-m", "not browser", *ON_POSTGRES, *without(ONCE_ON_SQLITE)]
        results.append(pytest(*arguments, DATABASE_URL=url))
    results.append(pytest("-m", "browser"))
    return max(results)


if __name__ == "__main__":
    sys.exit(main())
