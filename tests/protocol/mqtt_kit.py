"""A bank on a real line to a real broker, and the server's end of it: a client with the bridge's rights and the server's key."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from pickup.controller import config as configuration
from pickup.controller.drivers.simulator import Simulator
from pickup.controller.program import open_bank
from pickup.controller.transports.mqtt import MqttLine
from pickup.protocol import topics, wire
from pickup.protocol.messages import Connection, SyncReply, SyncRequest
from pickup.protocol.topics import Channel
from tests.broker import BRIDGE, PASSWORD, Broker

from .kit import BANK, KID, SERVER_KEY, Table, VirtualTicker, settings, signed_list

PATIENCE_SECONDS = 10
_numbers = count(1)


class RunningTicker(VirtualTicker):
    """Time that runs by itself and can be pushed on."""

    def __init__(self) -> None:
        super().__init__()
        self.pushed = -time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() + self.pushed

    @seconds.setter
    def seconds(self, value: float) -> None:
        self.pushed = value - time.monotonic()


class LineTable(Table):
    """A bank whose time runs, with a broker in its file."""

    def __init__(self, folder, broker: Broker, server: str = "http://127.0.0.1:9") -> None:
        mqtt = {"generation": 1, "mqtt": broker.settings_of(BANK)}
        self.config = configuration.read({**settings(folder, server), **mqtt})
        self.ticker = RunningTicker()
        self.driver = Simulator({}, [box.address for box in self.config.compartments])
        self.cseq = 0
        self.bank = open_bank(self.config, self.driver, self.ticker)

    def emit(self, code: str) -> None:
        """Something happens at the bank while its line lives."""
        with self.bank.lock:
            self.journal.emit("remark", code=code)

    def events(self, kind: str | None = None) -> list:
        with self.bank.lock:
            return super().events(kind)

    def responses(self) -> list[tuple]:
        with self.bank.lock:
            return super().responses()

    def line(self) -> MqttLine:
        return MqttLine(self.bank, self.config.mqtt)


class Bridge:
    """Stores what comes from the bank, once each, confirms it unless told to be deaf, and sends what a test wants sent."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self.stored: dict[tuple[int, int], object] = {}
        self.twice = 0
        self.refused = 0
        """Reports in which a number says something else than before: another computer's."""
        self.snapshots: list = []
        self.beats: list = []
        self.presence: list[Connection] = []
        self.confirming = True
        self.sent_time: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.client = paho.Client(
            paho.CallbackAPIVersion.VERSION2, client_id=f"bridge-{next(_numbers)}", protocol=paho.MQTTv5
        )
        self.client.username_pw_set(BRIDGE, PASSWORD)
        self.client.reconnect_delay_set(0.05, 0.2)
        self.client.on_connect = lambda client, *_: client.subscribe(
            [(topics.of("+", channel), 1) for channel in topics.FROM_BANK]
        )
        self.client.on_message = self._heard
        subscribed = threading.Event()
        self.client.on_subscribe = lambda *_: subscribed.set()
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()
        subscribed.wait(PATIENCE_SECONDS)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def send(
        self, document: object, *, retain: bool = False, seconds: int | None = None, raw: bytes | None = None
    ) -> None:
        properties = Properties(PacketTypes.PUBLISH)
        if seconds:
            properties.MessageExpiryInterval = seconds
        payload = wire.encode(document) if raw is None else raw
        sent = self.client.publish(
            topics.of(BANK, Channel.COMMANDS), payload, qos=1, retain=retain, properties=properties
        )
        sent.wait_for_publish(PATIENCE_SECONDS)

    def outcomes(self) -> list[tuple]:
        """The stored answers to commands: (outcome or phase, reason, duplicate)."""
        items = (self.stored[key] for key in sorted(self.stored))
        return [(i.outcome or i.phase, i.detail.get("reason"), i.duplicate) for i in items if hasattr(i, "phase")]

    def alerts(self) -> list[str]:
        items = (self.stored[key] for key in sorted(self.stored))
        return [item.data["why"] for item in items if getattr(item, "type", "") == "alert"]

    def confirm(self, request: SyncRequest, **more) -> None:
        """Say what is stored, as the server does after its commit."""
        cursor = 0
        while (request.boot_id, cursor + 1) in self.stored:
            cursor += 1
        items = [(item.boot_id, item.seq) for item in (*request.events, *request.responses)]
        values = {
            "bank": BANK,
            "generation": request.generation,
            "boot_id": request.boot_id,
            "cursor": cursor if items else 0,
            "stored": tuple(item for item in items if item[0] < request.boot_id),
            "list_etag": signed_list()["etag"],
            "echo_ms": request.mono_ms,
            "server_time": self.sent_time(),
            "next_ms": 1000,
        }
        document = SyncReply(**values | more).sign(SERVER_KEY, KID)
        self.client.publish(topics.of(BANK, Channel.COMMANDS), wire.encode(document), qos=1)

    def _heard(self, _client, _userdata, message) -> None:
        if not message.payload:
            return
        _bank, channel = topics.split(message.topic)
        document = wire.decode(message.payload)
        if channel == Channel.CONNECTION:
            self.presence.append(Connection.read(document, BANK))
            return
        request = SyncRequest.read(document, BANK)
        items = {(item.boot_id, item.seq): item for item in (*request.events, *request.responses)}
        if any(self.stored.get(number, item) != item for number, item in items.items()):
            self.refused += 1
            return
        for item in items.values():
            self.twice += (item.boot_id, item.seq) in self.stored
            self.stored[item.boot_id, item.seq] = item
        self.snapshots += [request.snapshot] if request.snapshot else []
        self.beats += [request.health] if request.health else []
        if self.confirming:
            self.confirm(request)
