"""`make test`: the tests on SQLite, the journeys in the browser, the races on PostgreSQL. Nothing is skipped.

Usage: python -m tests.run [pytest arguments]
"""

import os
import subprocess
import sys

from tests import services


def pytest(*arguments: str, **environment: str) -> int:
    """One pytest run in its own process; its exit code."""
    command = [sys.executable, "-m", "pytest", "-q", *arguments, *sys.argv[1:]]
    print(f"[halles] {' '.join(command[2:])}", flush=True)
    return subprocess.run(command, env={**os.environ, **environment}).returncode


def main() -> int:
    services.provide()
    subprocess.run([sys.executable, "scripts/catalogues.py"], check=True)
    results = [pytest("-n", "2", "-m", "not race and not browser")]
    results.append(pytest("-m", "browser"))
    with services.postgres() as url:
        results.append(pytest("-m", "race", DATABASE_URL=url))
    return max(results)


if __name__ == "__main__":
    sys.exit(main())
