"""Before the demonstration starts: translations, database, town, queue folder, the banks' files."""

import io
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from marketplace.demo import seed
from pickup.banks import identities
from pickup.models import Bank
from scripts.catalogues import compile_all

Say = Callable[[str], None]
TOLD_STEPS = 5


def prepare(say: Say) -> None:
    """Everything that must be there before the first process; told step by step. Raises `seed.NotADemo`."""
    compile_all()
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    migrate(say)
    seed.demo_only()
    if seed.is_empty():
        say("filling the town of Valmont-sur-Loire (about half a minute)")
        seed.seed(say)
    empty_queue()


def migrate(say: Say) -> None:
    """Bring the database up to date, telling how far it is."""
    executor = MigrationExecutor(connection)
    wanted = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not wanted:
        return
    say(f"database: {wanted} steps to go (an empty one takes about a minute)")
    begun = time.monotonic()
    call_command("migrate", verbosity=1, no_color=True, stdout=_Counter(wanted, say), skip_checks=True)
    say(f"database: ready after {time.monotonic() - begun:.1f} s")


class _Counter(io.StringIO):
    """Reads the output of `migrate` and tells its share in a few lines."""

    def __init__(self, wanted: int, say: Say):
        super().__init__()
        self.wanted, self.say, self.done, self.told = wanted, say, 0, 0

    def write(self, text: str) -> int:
        self.done += text.count(" OK")
        share = self.done * TOLD_STEPS // self.wanted
        if self.told < share < TOLD_STEPS:
            self.told = share
            self.say(f"database: {share * 100 // TOLD_STEPS} %")
        return len(text)


def empty_queue() -> None:
    """Old nudges tell nothing that the first sweep would not find."""
    for file in (settings.VAR_DIR / "queue").rglob("*"):
        if file.is_file():
            file.unlink(missing_ok=True)


def banks_folder() -> Path:
    """Where the banks of the demonstration keep their files and journals."""
    return settings.VAR_DIR / "banks"


def bank_file(bank: Bank, *, kiosk_port: int) -> Path:
    """The controller's file of `bank`, for this server and this kiosk port.

    A bank keeps its identity and its journal from one start to the next; it gets new ones when the database does not know
    its secret.
    """
    path = banks_folder() / f"{bank.code}.json"
    state = banks_folder() / f"{bank.code}-state"
    if not _is_known(bank, path):
        shutil.rmtree(state, ignore_errors=True)
        call_command("provision_bank", bank.code, out=path, state_dir=state, verbosity=0, stdout=io.StringIO())
    document = json.loads(path.read_text(encoding="utf-8"))
    document["server"] = f"http://127.0.0.1:{settings.PORT}"
    document["kiosk"]["port"] = kiosk_port
    document["state_dir"] = str(state)
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")
    return path


def _is_known(bank: Bank, path: Path) -> bool:
    if not path.exists():
        return False
    secret = json.loads(path.read_text(encoding="utf-8"))["device_secret"]
    return identities.is_known(bank, secret)
