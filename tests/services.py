"""What the tests need besides Python: Chromium, PostgreSQL, gettext, Mosquitto. Debian's packages, fetched when we may."""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

# Sorts as French people do, like a town's own server and unlike SQLite: no answer may depend on it.
LOCALE = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=fr"]  # PostgreSQL 15
PROGRAMS = {"chromium": "chromium", "msgfmt": "gettext", "xgettext": "gettext", "mosquitto": "mosquitto"}


def find_postgres() -> Path | None:
    """The newest server's folder of programs, as Debian lays them out, or where `initdb` is on the path."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def missing() -> list[str]:
    """Debian packages that are not there."""
    lacks = {package for program, package in PROGRAMS.items() if not find(program)}
    if find_postgres() is None:
        lacks.add("postgresql")
    return sorted(lacks)


def provide() -> None:
    """Install what is missing as root; otherwise stop with the one command that does."""
    lacks = missing()
    if not lacks:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"[halles] installing {', '.join(lacks)} for the tests", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], check=True, **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *lacks], check=True, **quiet)
    if missing():
        raise SystemExit(f"[halles] The tests need: sudo apt-get install {' '.join(missing())}")


def find(program: str) -> str | None:
    """The path of a program, also of those that Debian keeps for root, which are not on everybody's path."""
    return shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")


@contextmanager
def postgres(*, durable: bool = False):
    """A throw-away server on a unix socket; yields its DATABASE_URL. Ends with the block. `durable`: commits reach the disk."""
    programs = find_postgres()
    with tempfile.TemporaryDirectory(prefix="halles-pg-") as folder:
        folder = Path(folder)
        as_user = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root; Debian's package made the user
            shutil.chown(folder, "postgres")
            as_user = [find("runuser"), "-u", "postgres", "--"]
        data = folder / "data"
        initdb = [*as_user, programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", *LOCALE]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd=folder)
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c max_connections=300"
        options += "" if durable else " -c fsync=off"
        control = [*as_user, programs / "pg_ctl", "-D", data, "-w", "-s"]
        subprocess.run([*control, "-o", options, "-l", folder / "log", "start"], check=True, cwd=folder)
        try:
            yield f"postgres://postgres@/halles?host={folder}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=False, cwd=folder)
