"""The signed configuration of a bank: what the server manages of the file that its controller starts with."""

from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from pickup.banks import keys, outbox
from pickup.models import Bank
from pickup.protocol.configs import BankConfig, Compartment
from pickup.protocol.messages import CONFIG_PATH
from pickup.protocol.vocabulary import CommandType, Size, Temperature


def current(bank: Bank) -> BankConfig:
    """The configuration of this moment. Raises and saves `bank.config_seq` when its content changed; `bank` is locked."""
    identity = bank.identities.live().first()
    values = {
        "bank": bank.code,
        "generation": bank.generation,
        "name": bank.point.name,
        "help_phone": bank.point.phone or settings.HELP_PHONE,
        "answer_minutes": bank.answer_minutes,
        "server_keys": keys.public_keys(),
        "pin_key": bank.pin_key,
        "mqtt_url": broker_address(),
        "mqtt_ca": _authority(),
        "compartments": tuple(_compartment(each) for each in bank.compartments.select_related("zone")),
        "secret_number": identity.secret_number if identity else 0,
        "device_secret": (identity.next_secret or None) if identity else None,
    }
    made = BankConfig(config_seq=bank.config_seq, **values)
    if made.cfg_hash == bank.config_hash:
        return made
    bank.config_seq += 1
    bank.config_hash = made.cfg_hash
    bank.save(update_fields=["config_seq", "config_hash"])
    return BankConfig(config_seq=bank.config_seq, **values)


@transaction.atomic
def announce(bank: Bank) -> None:
    """Bring the configuration up to date and tell the bank, if it has an identity and there is anything new.

    It confirms by naming the hash in its reports.
    """
    bank = Bank.objects.select_for_update(of=("self",)).select_related("point").get(pk=bank.pk)
    before, made = bank.config_hash, current(bank)
    if made.cfg_hash == before or not bank.identities.live().exists():
        return
    outbox.send(bank, CommandType.CONFIG_APPLY, {"hash": made.cfg_hash, "url": CONFIG_PATH}, reason="service")


def broker_address() -> str | None:
    """Where banks find the broker, without our own user and password; None when there is none."""
    if settings.MQTT_BANK_URL or not settings.MQTT_URL:
        return settings.MQTT_BANK_URL or None
    address = urlsplit(settings.MQTT_URL)
    return f"{address.scheme}://{address.netloc.rpartition('@')[2]}"


def _authority() -> str | None:
    return Path(settings.MQTT_CA_FILE).read_text(encoding="ascii") if settings.MQTT_CA_FILE else None


def _compartment(row) -> Compartment:
    return Compartment(
        id=row.label,
        side=row.side,
        column=row.column,
        row=row.row,
        size=Size(row.size),
        temperature=Temperature(row.zone.temperature),
        low=row.is_low,
        address=row.address,
    )
