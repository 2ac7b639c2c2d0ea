"""Giving a bank its identity: by a one-time token that its computer presents, or as a file for a computer beside the server."""

import hashlib
import hmac
import shlex
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from pickup.banks import configuring, identities, keys
from pickup.models import Bank, ProvisioningToken
from pickup.protocol import envelope
from pickup.protocol.errors import Unauthorised
from pickup.protocol.provisioning import ProvisionReply, ProvisionRequest
from shops.models import Temperature

SIMULATOR = {"kind": "simulator"}
PREFIX = "LP1"
TOKEN_LIFE = timedelta(hours=1)
MAC_BYTES = 16
PROVISION = ("/opt/halles/bin/halles-controller", "provision")
FILES = ("--driver", "kerong_cu16", "--state-dir", "/var/lib/halles", "--out", "/var/lib/halles/bank.json")


@transaction.atomic
def new_token(bank: Bank, *, why: str, by=None, now: datetime | None = None) -> tuple[ProvisioningToken, str]:
    """A token that makes the *next* generation of this bank, within an hour. Using it, or making another, makes it worthless.

    Who asked for it, and why, is kept; the token itself is not.
    """
    now = (now or timezone.now()).replace(microsecond=0)  # its end is written in whole seconds
    bank = _locked(bank.code)
    row = ProvisioningToken.objects.create(
        bank=bank, generation=bank.generation + 1, why=why, by=by, given_at=now, expires_at=now + TOKEN_LIFE
    )
    content = f"{PREFIX}.{bank.code}.{row.generation}.{_end(row)}"
    return row, f"{content}.{_mac(content)}"


def is_good(row: ProvisioningToken, now: datetime) -> bool:
    """Whether a computer that presents this token now becomes its bank."""
    is_last = not ProvisioningToken.objects.filter(bank=row.bank_id, pk__gt=row.pk).exists()
    return is_last and row.generation == row.bank.generation + 1 and now < row.expires_at


def command(token: str) -> str:
    """What is typed on the bank's computer, in one line; docs/installing-a-bank.md says the rest."""
    words = [*PROVISION, "--server", settings.SITE_URL, "--token", token, *FILES]
    return f"sudo -u halles {shlex.join(words)}"


@transaction.atomic
def redeem(request: ProvisionRequest) -> ProvisionReply:
    """The identity that a token promises; raises `Unauthorised` when it is forged, expired, used or not the last one."""
    code, generation, expires = _read_token(request.token)
    bank = _locked(code)
    last = bank.provisioning_tokens.first() if bank else None
    if last is None or {bank.generation + 1, last.generation} != {generation} or _end(last) != expires:
        raise Unauthorised("This token was used, or a newer token or identity was made.")
    last.used_at = timezone.now()
    last.save(update_fields=["used_at"])
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
    return {
        **config.for_file({"host": "127.0.0.1", "port": kiosk_port}),
        "server": server,
        "device_secret": made.device_secret,
        "mqtt": {"user": made.mqtt_user, "password": made.mqtt_password, **config.broker()},
        "driver": driver or SIMULATOR,
        "state_dir": str(state_dir),
        "zones": [
            {"id": zone.temperature, "class": zone.temperature}
            for zone in bank.zones.exclude(temperature=Temperature.AMBIENT).order_by("temperature")
        ],
    }


def _locked(code: str) -> Bank | None:
    return Bank.objects.select_for_update(of=("self",)).select_related("point").filter(code=code).first()


def _end(row: ProvisioningToken) -> int:
    return int(row.expires_at.timestamp())


def _read_token(text: str) -> tuple[str, int, int]:
    """(bank, generation, end in seconds) of a genuine token whose time is not over."""
    content, _, mac = text.rpartition(".")
    if not hmac.compare_digest(mac.encode(), _mac(content).encode()):
        raise Unauthorised("This token was not made here.")
    _prefix, code, generation, expires = content.split(".", 3)
    if timezone.now().timestamp() > int(expires):
        raise Unauthorised("This token has expired.")
    return code, int(generation), int(expires)


def _mac(content: str) -> str:
    digest = hmac.new(keys.provisioning_key(), content.encode(), hashlib.sha256).digest()
    return envelope.to_b64(digest[:MAC_BYTES])
