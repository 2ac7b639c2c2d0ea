"""A test database in a moment: migrated once per set of migrations, then copied for each test process.

Migrating Oscar and Wagtail from nothing takes about half a minute; copying the result takes a tenth of a second.
"""

import fcntl
import hashlib
import shutil
import tempfile
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections


def digest() -> str:
    """Changes when any migration of any installed app does."""
    total = hashlib.sha256(connection.vendor.encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for file in sorted(Path(app.path).glob("migrations/*.py")):
            total.update(file.name.encode() + file.read_bytes())
    return total.hexdigest()[:16]


def use(worker: str) -> None:
    """Point the default connection at this process's own fresh, migrated database."""
    folder = settings.VAR_DIR / "test"
    folder.mkdir(parents=True, exist_ok=True)
    make = _sqlite_copy if connection.vendor == "sqlite" else _postgres_copy
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        make(folder, f"halles_{digest()}", worker)


def point_at(name: str) -> None:
    """Use the database `name` from now on."""
    connections["default"].close()
    if pool := getattr(connections["default"], "_connection_pools", None):
        pool.clear()
    settings.DATABASES["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name


def copy_migrated(target: Path) -> None:
    """Write a migrated, empty SQLite database to `target`."""
    folder = settings.VAR_DIR / "test"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.copy(_sqlite_template(folder, f"halles_{digest()}"), target)


def _sqlite_template(folder: Path, template: str) -> Path:
    source = folder / f"{template}.sqlite3"
    if not source.exists():
        for old in folder.glob("halles_*"):
            old.unlink()
        unfinished = folder / "halles_unfinished.sqlite3"
        point_at(str(unfinished))
        call_command("migrate", verbosity=0, skip_checks=True)
        connections["default"].close()
        unfinished.rename(source)
    return source


def _sqlite_copy(folder: Path, template: str, worker: str) -> None:
    source = _sqlite_template(folder, template)
    copy = Path(tempfile.mkdtemp(prefix="halles-test-")) / f"{worker}.sqlite3"
    shutil.copy(source, copy)
    point_at(str(copy))


def _postgres_copy(folder: Path, template: str, worker: str) -> None:
    def admin(*statements: str):
        point_at("postgres")
        with connections["default"].cursor() as cursor:
            rows = []
            for statement in statements:
                cursor.execute(statement)
                rows = cursor.fetchall() if cursor.description else []
        connections["default"].close()
        return rows

    if not admin(f"SELECT 1 FROM pg_database WHERE datname = '{template}'"):
        admin("DROP DATABASE IF EXISTS halles_unfinished", "CREATE DATABASE halles_unfinished")
        point_at("halles_unfinished")
        call_command("migrate", verbosity=0, skip_checks=True)
        connections["default"].close()
        admin(f"ALTER DATABASE halles_unfinished RENAME TO {template}")
    copy = f"test_{worker}"
    admin(f"DROP DATABASE IF EXISTS {copy}", f"CREATE DATABASE {copy} TEMPLATE {template}")
    point_at(copy)
