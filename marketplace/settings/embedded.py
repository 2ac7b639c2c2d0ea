"""The embedded mode: what makes one machine without any server installed a safe place to run a town's market."""

import os
import secrets
from pathlib import Path

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous={synchronous};"
    "PRAGMA foreign_keys=ON;"
    "PRAGMA journal_size_limit=67108864;"
    "PRAGMA cache_size=-32000;"
)


def secret_key(var_dir: Path) -> str:
    """The instance's own key, written once into a file that only its owner can read. Two processes may start at once."""
    path = var_dir / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    key = secrets.token_urlsafe(50)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    return key


CONNECTION_SECONDS = 600


def tune_database(config: dict, env) -> dict:
    """SQLite gets IMMEDIATE transactions and WAL (else buyers meet "database is locked"); PostgreSQL a small pool for the web.

    Connections outlive the request: opening one and closing the last one (SQLite then writes its log back) costs more than
    most queries. A pool keeps its own.
    """
    config.setdefault("OPTIONS", {})
    config |= {"CONN_MAX_AGE": CONNECTION_SECONDS, "CONN_HEALTH_CHECKS": "sqlite" not in config["ENGINE"]}
    if "sqlite" in config["ENGINE"]:
        synchronous = env("SQLITE_SYNCHRONOUS", default="NORMAL")
        config["OPTIONS"] |= {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": SQLITE_PRAGMAS.format(synchronous=synchronous),
        }
    elif env.bool("DATABASE_POOL", default=False):
        config["OPTIONS"]["pool"] = {"min_size": 2, "max_size": env.int("DATABASE_POOL_SIZE", default=8)}
        config |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
    return config


def celery_transport_options(broker_url: str, var_dir: Path) -> dict:
    """A nudge must never hold a visitor up: no retries, short time-outs. The filesystem transport needs its folders."""
    if broker_url.startswith("filesystem"):
        folders = {name: var_dir / "queue" / name for name in ("messages", "processed", "control")}
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
        return {
            "data_folder_in": str(folders["messages"]),
            "data_folder_out": str(folders["messages"]),
            "processed_folder": str(folders["processed"]),
            "control_folder": str(folders["control"]),
            "store_processed": False,
        }
    options = {"max_retries": 0}
    if broker_url.startswith("redis"):
        options |= {"visibility_timeout": 3600, "socket_timeout": 0.5, "socket_connect_timeout": 0.5}
    return options
