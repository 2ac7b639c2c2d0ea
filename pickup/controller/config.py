"""What a bank knows about itself before it has spoken to anyone: one JSON file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pickup.protocol import envelope, fields
from pickup.protocol.configs import LONGEST_ANSWER_MINUTES, Compartment
from pickup.protocol.vocabulary import Temperature

from .probes import FileProbe

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
LEAST_PIN_KEY_BYTES = 16
MQTT_TLS = {"mqtt": False, "mqtts": True}
MQTT_PORT, MQTTS_PORT = 1883, 8883
DRIVERS_WITHOUT_WIRES = {"simulator", "socket_wall"}
PSEUDO_TERMINALS = Path("/dev/pts")
LEAST_VISIT_SECONDS, MOST_VISIT_SECONDS = 60, 900


class ConfigError(Exception):
    """The configuration file cannot be used; the text says which entry is wrong."""


@dataclass(frozen=True, kw_only=True)
class ZonePlan:
    """The compartments of one temperature, and the band that their one probe must show."""

    id: str
    temperature: Temperature
    probe: str
    """What the driver, or the list of `probes`, calls it."""
    least_c: float | None
    most_c: float | None
    excursion_seconds: float = 30 * 60

    def holds(self, degrees: float) -> bool:
        """Say whether a temperature lies in the band."""
        return (self.least_c is None or degrees >= self.least_c) and (self.most_c is None or degrees <= self.most_c)


BANDS: Mapping[Temperature, tuple[float | None, float | None]] = {
    Temperature.AMBIENT: (None, None),
    Temperature.CHILLED: (0.0, 4.0),
    Temperature.FROZEN: (None, -18.0),
}


@dataclass(frozen=True, kw_only=True)
class Kiosk:
    """The page on the bank's screen."""

    host: str = "127.0.0.1"
    port: int = 8088
    help_phone: str = ""
    languages: tuple[str, ...] = ("fr", "en")
    visit_seconds: int = 120
    """After so long without a touch a visit ends; announced before, and extended as often as one wishes."""
    answer_minutes: int | None = None
    """Within how long somebody answers at `help_phone`; said beside it. None: nothing is promised."""


@dataclass(frozen=True, kw_only=True)
class Mqtt:
    """The broker, and who we are there. Without it the bank speaks HTTPS alone."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    ca: str | None = None
    """The one certificate authority that is believed, as PEM text; null: those of the system."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """The whole file. Secrets in it: `device_secret`, `pin_key` and the password of `mqtt`; keep it readable by one user."""

    bank: str
    name: str
    server: str
    device_secret: str
    server_keys: Mapping[str, Ed25519PublicKey]
    pin_key: bytes
    kiosk: Kiosk
    driver: Mapping
    state_dir: Path
    compartments: tuple[Compartment, ...] = field(default_factory=tuple)
    zones: tuple[ZonePlan, ...] = ()
    """Only what is named here is watched."""
    probes: Mapping[str, FileProbe] = field(default_factory=dict)
    """Thermometers that are files of this computer; others belong to the driver."""
    generation: int = 0
    """Which identity of the bank this is: rises whenever it is provisioned anew."""
    mqtt: Mqtt | None = None
    steered_clock: Path | None = None
    """The file of a clock that is steered from outside: for rehearsals without real doors."""
    cfg_hash: str | None = None
    """Names the part of this file that the server manages."""
    config_seq: int = 0
    path: Path | None = None
    """The file itself."""

    def is_generation(self, generation: int | None) -> bool:
        """Say whether this is our identity. Files from before identities had numbers, and replies without one, say nothing."""
        return not self.generation or generation is None or generation == self.generation


def load(path: Path) -> Config:
    """Read the file; raises ConfigError with a sentence."""
    try:
        source = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error
    return replace(read(source), path=path)


def read(source: Mapping) -> Config:
    """Read the content of the file; raises ConfigError."""
    try:
        config = Config(
            bank=source["bank"],
            name=source["name"],
            server=source["server"].rstrip("/"),
            device_secret=source["device_secret"],
            server_keys=envelope.read_public_keys(source["server_keys"]),
            pin_key=envelope.from_b64(source["pin_key"]),
            kiosk=_kiosk(source.get("kiosk", {})),
            driver=source["driver"],
            state_dir=Path(source["state_dir"]),
            compartments=tuple(map(Compartment.read, source["compartments"])),
            zones=tuple(_zone(entry) for entry in source.get("zones", [])),
            probes={name: _probe(entry) for name, entry in source.get("probes", {}).items()},
            generation=int(source.get("generation", 0)),
            cfg_hash=source.get("cfg_hash"),
            config_seq=int(source.get("config_seq", 0)),
            mqtt=read_mqtt(source["mqtt"]) if (source.get("mqtt") or {}).get("url") else None,
            steered_clock=Path(source["steered_clock"]) if source.get("steered_clock") else None,
        )
    except KeyError as error:
        raise ConfigError(f"{error.args[0]} is missing.") from error
    except (ValueError, TypeError, AttributeError, envelope.BadMessage) as error:
        raise ConfigError(f"The configuration has a wrong value: {error}") from error
    _check(config)
    return config


def _kiosk(source: Mapping) -> Kiosk:
    fields.optional(fields.number, source, "answer_minutes", least=1, most=LONGEST_ANSWER_MINUTES)
    return Kiosk(**{**source, "languages": tuple(source.get("languages", ("fr", "en")))})


def _probe(source: Mapping) -> FileProbe:
    return FileProbe(path=Path(source["file"]), scale=float(source.get("scale", 1)))


def _zone(source: Mapping) -> ZonePlan:
    temperature = Temperature(source["class"])
    least, most = BANDS[temperature]
    least, most = source.get("least_c", least), source.get("most_c", most)
    return ZonePlan(
        id=source["id"],
        temperature=temperature,
        probe=source.get("probe", source["id"]),
        least_c=None if least is None else float(least),
        most_c=None if most is None else float(most),
        excursion_seconds=60 * float(source.get("excursion_minutes", 30)),
    )


def read_mqtt(source: Mapping) -> Mqtt:
    """Read the entry `mqtt`; raises ConfigError or KeyError."""
    address = urlsplit(source["url"])
    if address.scheme not in MQTT_TLS:
        raise ConfigError("mqtt.url must begin with mqtts:// (or mqtt:// for this very computer).")
    tls = MQTT_TLS[address.scheme]
    return Mqtt(
        host=address.hostname,
        port=address.port or (MQTTS_PORT if tls else MQTT_PORT),
        user=source["user"],
        password=source["password"],
        tls=tls,
        ca=source.get("ca"),
    )


def _check(config: Config) -> None:
    address = urlsplit(config.server)
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in LOOPBACK):
        raise ConfigError("server must be https; plain http is for this very computer only.")
    if config.mqtt and not config.mqtt.tls and config.mqtt.host not in LOOPBACK:
        raise ConfigError("mqtt.url must be mqtts; plain mqtt is for this very computer only.")
    if config.steered_clock and not (_is_without_locks(config.driver) and address.hostname in LOOPBACK):
        raise ConfigError("steered_clock is for rehearsals: no real doors, and the server on this very computer.")
    if config.kiosk.host not in LOOPBACK:
        raise ConfigError("kiosk.host must be this very computer: the keypad is for people in front of the doors.")
    if not LEAST_VISIT_SECONDS <= config.kiosk.visit_seconds <= MOST_VISIT_SECONDS:
        raise ConfigError(f"kiosk.visit_seconds must be from {LEAST_VISIT_SECONDS} to {MOST_VISIT_SECONDS}.")
    if len(config.pin_key) < LEAST_PIN_KEY_BYTES:
        raise ConfigError(f"pin_key must have at least {LEAST_PIN_KEY_BYTES} bytes.")
    for name in ("id", "address"):
        values = [getattr(compartment, name) for compartment in config.compartments]
        if len(values) != len(set(values)):
            raise ConfigError(f"Two compartments have the same {name}.")
    for name in ("id", "temperature"):
        values = [getattr(zone, name) for zone in config.zones]
        if len(values) != len(set(values)):
            raise ConfigError(f"Two zones have the same {name}.")


def _is_without_locks(driver: Mapping) -> bool:
    """Say whether the doors are in memory, in another process, or on a line that ends in one."""
    port = Path(str(driver.get("port", ""))).resolve()
    return driver.get("kind") in DRIVERS_WITHOUT_WIRES or PSEUDO_TERMINALS in port.parents
