"""`make test`: every test on SQLite, what hangs on the database on PostgreSQL too, the journeys in the browser.

Nothing is skipped: a test that asks to be fails the run. Usage: python -m tests.run [pytest arguments]
"""

import os
import subprocess
import sys
import time

from tests import services

# What locks, counts, searches, sorts or sums in the database; the other folders meet it through these.
ON_POSTGRES = ["tests/checkout", "tests/pickup", "tests/races", "tests/shops", "tests/storefront"]


def pytest(*arguments: str, **environment: str) -> int:
    """One pytest run in its own process; its exit code."""
    command = [sys.executable, "-m", "pytest", "-q", "--nothing-skipped", *arguments, *sys.argv[1:]]
    print(f"[halles] {' '.join(command[2:])}", flush=True)
    begun = time.monotonic()
    code = subprocess.run(command, env={**os.environ, **environment}).returncode
    print(f"[halles] {'green' if code == 0 else 'RED'} after {time.monotonic() - begun:.0f} s", flush=True)
    return code


def main() -> int:
    services.provide()
    subprocess.run([sys.executable, "scripts/catalogues.py"], check=True)
    results = [pytest("-n", "2", "-m", "not race and not browser")]
    with services.postgres() as url:
        results.append(pytest("-n", "2", "-m", "not browser", *ON_POSTGRES, DATABASE_URL=url))
    results.append(pytest("-m", "browser"))
    return max(results)


if __name__ == "__main__":
    sys.exit(main())
