"""Starting afresh: the database and the files of a demo instance are thrown away."""

import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection

from marketplace.demo import preparing, seed

FOLDERS = ("media", "cache", "queue", "log", "banks")


def reset() -> None:
    """Empty the instance down to nothing, tables included. Raises `seed.NotADemo` before anything is touched."""
    if "shops_instance" in connection.introspection.table_names():
        seed.demo_only()
    _drop_everything()
    for name in FOLDERS:
        shutil.rmtree(settings.VAR_DIR / name, ignore_errors=True)
    (settings.VAR_DIR / "queue" / "messages").mkdir(parents=True, exist_ok=True)
    preparing.empty_queue()


def _drop_everything() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        return
    name = connection.settings_dict["NAME"]
    connection.close()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{name}{suffix}").unlink(missing_ok=True)
