"""Giving a bank its identity: the file that its controller starts with. The old identity ends at the same moment."""

import secrets
from pathlib import Path

from django.conf import settings
from django.db import transaction

from pickup.banks import keys
from pickup.banks.https_sync import secret_hash
from pickup.models import Bank
from shops.models import Temperature

SIMULATOR = {"kind": "simulator"}


@transaction.atomic
def provision(bank: Bank, *, server: str, state_dir: Path, kiosk_port: int, driver: dict | None = None) -> dict:
    """A fresh device secret and the content of the controller's file; the former secret is refused from now on.

    The PIN key is made once: codes that people hold stay valid. Boots are counted anew, for the journal may be a new one.
    """
    bank = Bank.objects.select_for_update().select_related("point").get(pk=bank.pk)
    secret = secrets.token_urlsafe(32)
    bank.device_hash = secret_hash(secret)
    bank.pin_key = bank.pin_key or keys.new_pin_key()
    bank.generation += 1
    bank.boot_id = bank.cursor = 0
    bank.save(update_fields=["device_hash", "pin_key", "generation", "boot_id", "cursor"])
    return {
        "bank": bank.code,
        "name": bank.point.name,
        "server": server,
        "device_secret": secret,
        "server_keys": keys.public_keys(),
        "pin_key": bank.pin_key,
        "kiosk": {"host": "127.0.0.1", "port": kiosk_port, "help_phone": bank.point.phone or settings.HELP_PHONE},
        "driver": driver or SIMULATOR,
        "state_dir": str(state_dir),
        "compartments": [
            {
                "id": compartment.label,
                "side": compartment.side,
                "column": compartment.column,
                "row": compartment.row,
                "size": compartment.size,
                "temperature": compartment.zone.temperature,
                "low": compartment.is_low,
                "address": compartment.address,
            }
            for compartment in bank.compartments.select_related("zone")
        ],
        "zones": [
            {"id": zone.temperature, "class": zone.temperature}
            for zone in bank.zones.exclude(temperature=Temperature.AMBIENT).order_by("temperature")
        ],
    }
