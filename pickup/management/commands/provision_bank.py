"""`manage.py provision_bank CODE --out FILE`: write the file with which a bank's controller starts."""

import json
import os
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pickup.banks.provisioning import SIMULATOR, provision
from pickup.models import Bank


class Command(BaseCommand):
    """Gives a bank a new identity; the old one is refused from then on."""

    help = "Writes the configuration of a bank's controller, with a new device secret."

    def add_arguments(self, parser):
        parser.add_argument("code", help="code of the bank")
        parser.add_argument("--out", type=Path, required=True, help="file to write, readable by its owner only")
        parser.add_argument("--port", type=int, help="port of a server on this same computer, instead of --server")
        parser.add_argument("--server", default=settings.SITE_URL, help="address of the server")
        parser.add_argument("--kiosk-port", type=int, default=8088, help="port of the bank's own screen")
        parser.add_argument(
            "--state-dir", type=Path, help="where the controller keeps its journal; default: beside the file"
        )
        parser.add_argument("--driver", default=SIMULATOR["kind"], help="kind of lock board")

    def handle(self, *args, **options):
        bank = Bank.objects.filter(code=options["code"]).first()
        if bank is None:
            raise CommandError(f"There is no bank {options['code']}.")
        out: Path = options["out"].absolute()
        document = provision(
            bank,
            server=f"http://127.0.0.1:{options['port']}" if options["port"] else options["server"],
            state_dir=options["state_dir"] or out.parent / f"{bank.code}-state",
            kiosk_port=options["kiosk_port"],
            driver={"kind": options["driver"]},
        )
        write_private(out, json.dumps(document, indent=2))
        self.stdout.write(f"{out} holds generation {bank.generation + 1} of bank {bank.code}.")


def write_private(path: Path, text: str) -> None:
    """Replace the file in one step; nobody but its owner can ever read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    unfinished.replace(path)
