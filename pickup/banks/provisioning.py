"""Giving a bank its identity: by a one-time token that its computer presents, or as a file for a computer beside the server."""

import hashlib
import hmac
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from pickup.banks import configuring, identities, keys
from pickup.models import Bank
from pickup.protocol import envelope
from pickup.protocol.errors import Unauthorised
from pickup.protocol.provisioning import ProvisionReply, ProvisionRequest
from shops.models import Temperature

SIMULATOR = {"kind": "simulator"}
PREFIX = "LP1"
TOKEN_LIFE = timedelta(hours=1)
MAC_BYTES = 16


def new_token(bank: Bank, now: datetime | None = None) -> str:
    """A token that makes the *next* generation of this bank, within an hour. Using it, or any other, makes it worthless."""
    expires = int(((now or timezone.now()) + TOKEN_LIFE).timestamp())
    content = f"{PREFIX}.{bank.code}.{bank.generation + 1}.{expires}"
    return f"{content}.{_mac(content)}"


@transaction.atomic
def redeem(request: ProvisionRequest) -> ProvisionReply:
    """The identity that a token promises; raises `Unauthorised` when it is forged, expired or used."""
    code, generation = _read_token(request.token)
    bank = _locked(code)
    if bank is None or bank.generation + 1 != generation:
        raise Unauthorised("This token was used, or a newer identity was made.")
    made = identities.renew(bank, device_key=request.device_key)
    config = configuring.current(bank)
    return ProvisionReply(
        device_secret=made.device_secret,
        mqtt_user=made.mqtt_user,
        mqtt_password=made.mqtt_password,
        config=config.sign(*keys.signing_key()),
    )


@transaction.atomic
def provision(bank: Bank, *, server: str, state_dir: Path, kiosk_port: int, driver: dict | None = None) -> dict:
    """A new identity as the content of the controller's file; the former identity is refused from now on."""
    bank = _locked(bank.code)
    made = identities.renew(bank)
    config = configuring.current(bank)
    line = {"url": config.mqtt_url, "ca": config.mqtt_ca} if config.mqtt_url else {}
    return {
        "bank": bank.code,
        "generation": bank.generation,
        "config_seq": config.config_seq,
        "cfg_hash": config.cfg_hash,
        "name": config.name,
        "server": server,
        "device_secret": made.device_secret,
        "server_keys": dict(config.server_keys),
        "pin_key": config.pin_key,
        "mqtt": {"user": made.mqtt_user, "password": made.mqtt_password, **line},
        "kiosk": {"host": "127.0.0.1", "port": kiosk_port, "help_phone": config.help_phone},
        "driver": driver or SIMULATOR,
        "state_dir": str(state_dir),
        "compartments": [door.as_document() for door in config.compartments],
        "zones": [
            {"id": zone.temperature, "class": zone.temperature}
            for zone in bank.zones.exclude(temperature=Temperature.AMBIENT).order_by("temperature")
        ],
    }


def _locked(code: str) -> Bank | None:
    return Bank.objects.select_for_update(of=("self",)).select_related("point").filter(code=code).first()


def _read_token(text: str) -> tuple[str, int]:
    """(bank, generation) of a genuine token whose time is not over."""
    content, _, mac = text.rpartition(".")
    if not hmac.compare_digest(mac.encode(), _mac(content).encode()):
        raise Unauthorised("This token was not made here.")
    _prefix, code, generation, expires = content.split(".", 3)
    if timezone.now().timestamp() > int(expires):
        raise Unauthorised("This token has expired.")
    return code, int(generation)


def _mac(content: str) -> str:
    digest = hmac.new(keys.provisioning_key(), content.encode(), hashlib.sha256).digest()
    return envelope.to_b64(digest[:MAC_BYTES])
