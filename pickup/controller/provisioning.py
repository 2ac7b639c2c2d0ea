"""`python -m pickup.controller provision`: a new computer becomes a bank, with a token that the operator's page shows."""

import http.client
import json
import os
from argparse import Namespace
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pickup.protocol import configs, envelope, wire
from pickup.protocol.configs import BankConfig
from pickup.protocol.errors import ProtocolError
from pickup.protocol.provisioning import PROVISION_PATH, ProvisionReply, ProvisionRequest
from pickup.protocol.vocabulary import Temperature

from . import web
from .audit import device_key
from .config import LOOPBACK, ConfigError, read

MOST_REPLY_BYTES = 1_000_000


def provision(options: Namespace) -> None:
    """Present the token, write the bank's file; raises ConfigError with a sentence.

    The key of this computer is made here and never leaves it. The file is tried before the token is spent.
    """
    address = urlsplit(options.server)
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in LOOPBACK):
        raise ConfigError("--server must be https; plain http is for this very computer only.")
    write_private(options.out, "{}")
    state_dir = options.state_dir or options.out.parent / "state"
    key = _own_key(state_dir)
    request = ProvisionRequest(token=options.token.strip(), device_key=envelope.public_text(key)).sign(key)
    try:
        reply = ProvisionReply.read(_post(options.server.rstrip("/") + PROVISION_PATH, request, options.ca))
        config = _first(reply)
    except ProtocolError as error:
        raise ConfigError(f"The server's answer is of no use: {error}") from error
    document = {
        "server": options.server,
        "state_dir": str(state_dir),
        "driver": {"kind": options.driver},
        "kiosk": {"host": "127.0.0.1", "port": options.kiosk_port},
        "device_secret": reply.device_secret,
        "mqtt": {"user": reply.mqtt_user, "password": reply.mqtt_password},
    }
    write_private(options.out, json.dumps(merged(document, config), indent=2))
    read(json.loads(options.out.read_text(encoding="utf-8")))


def merged(document: dict, config: BankConfig) -> dict:
    """The content of the bank's file with what the server manages put in; what belongs to the computer stays."""
    account = {name: value for name, value in (document.get("mqtt") or {}).items() if name in ("user", "password")}
    return {
        **document,
        **config.for_file(document["kiosk"]),
        "device_secret": config.device_secret or document["device_secret"],
        "mqtt": {**account, **config.broker()},
        "zones": _zones(document.get("zones", []), config),
    }


def _zones(present: list[dict], config: BankConfig) -> list[dict]:
    """The zones that the computer knows, for their probes are its own affair, and one for each cold class that is new."""
    known = {zone.get("class") for zone in present}
    cold = {str(door.temperature) for door in config.compartments} - {str(Temperature.AMBIENT)}
    return [*present, *({"id": name, "class": name} for name in sorted(cold - known))]


def write_private(path: Path, text: str) -> None:
    """Replace the file in one step; nobody but its owner can ever read it. Raises ConfigError."""
    unfinished = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error}") from error


def _own_key(state_dir: Path) -> Ed25519PrivateKey:
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        return device_key(state_dir)
    except OSError as error:
        raise ConfigError(f"{state_dir} cannot be written: {error}") from error


def _first(reply: ProvisionReply) -> BankConfig:
    """The configuration inside, signed by a key that it names itself: TLS has vouched for it."""
    named = configs.read(reply.config, str(reply.config.get("bank")))
    try:
        return configs.verify(reply.config, envelope.read_public_keys(named.server_keys), named.bank)
    except ValueError as error:
        raise ConfigError(f"The server's keys are of no use: {error}") from error


def _post(url: str, document: dict, ca: Path | None) -> object:
    headers = {"Content-Type": "application/json"}
    try:
        answer = web.ask(url, headers, wire.encode(document), most=MOST_REPLY_BYTES, authority=ca)
    except web.NoAnswer as error:
        raise ConfigError(f"The server does not answer: {error}") from error
    if answer.status != http.client.OK:
        raise ConfigError(f"The server refuses: {_words(answer)}")
    return wire.decode(answer.body, most=MOST_REPLY_BYTES)


def _words(answer: web.Answer) -> str:
    """What the server says to people, if it speaks our language."""
    try:
        return str(wire.decode(answer.body)["error"]["detail"])
    except (ProtocolError, KeyError, TypeError):
        return f"HTTP {answer.status}"
