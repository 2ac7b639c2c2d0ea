"""A bank that is only its wire: real envelopes, real signatures, an outbox and a memory of commands, but no doors."""

import json
import threading
import time
from datetime import UTC, datetime

import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from pickup.controller.transports.mqtt import RESEND_SECONDS
from pickup.protocol import commands, topics, wire
from pickup.protocol.errors import ProtocolError
from pickup.protocol.messages import Clock, Connection, Event, Response, SyncReply, SyncRequest
from pickup.protocol.topics import Channel
from pickup.protocol.vocabulary import Outcome, Phase
from tests.broker import PASSWORD, Broker


class LightBank:
    """Answers every trustworthy command once, keeps what it reported until the server confirms it."""

    def __init__(self, code: str, broker: Broker, keys: dict, *, generation: int = 0, boot_id: int = 1) -> None:
        self.code, self.keys, self.generation, self.boot_id = code, keys, generation, boot_id
        self.lock = threading.RLock()
        self.outbox: dict[tuple[int, int], Event | Response] = {}
        self.seq = 0
        self.done: dict[str, Response] = {}
        self.repeats = self.connections = 0
        self.refused = 0
        self.replies: list[SyncReply] = []
        self.sent_at = self.confirmed_at = time.monotonic()
        self.retained = 0
        self.client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id=f"user-of-{code}", protocol=paho.MQTTv5)
        self.client.username_pw_set(f"user-of-{code}", PASSWORD)
        self.client.reconnect_delay_set(0.2, 1)
        self.client.on_connect = self._connected
        self.client.on_subscribe = self._subscribed
        self.client.on_message = self._heard
        self.ready = threading.Event()
        self.broker = broker

    def connect(self, *, own_thread: bool = True) -> None:
        """Open the line; without a thread of its own somebody else must call `client.loop`."""
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = topics.SESSION_SECONDS
        self.client.connect("127.0.0.1", self.broker.port, clean_start=False, properties=properties)
        if own_thread:
            self.client.loop_start()
            self.ready.wait(10)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def event(self, kind: str, **data) -> Event:
        """Something happens here; it is in the outbox and not yet sent."""
        with self.lock:
            return self._keep(Event, type=kind, data=data)

    def send_outbox(self) -> None:
        """Send all that is not confirmed, in portions."""
        with self.lock:
            items = list(self.outbox.values())
            self.sent_at = time.monotonic()
        for start in range(0, len(items), 50):
            self.send(*items[start : start + 50])

    def send_again(self) -> None:
        """Send all that is not confirmed, if nothing was sent so or confirmed for as long as a real bank waits."""
        if self.outbox and time.monotonic() - max(self.sent_at, self.confirmed_at) > RESEND_SECONDS:
            self.send_outbox()

    def send(self, *items, snapshot=None, channel: Channel | None = None, **more) -> None:
        """Send items on their topics, or anything on any."""
        events = tuple(item for item in items if isinstance(item, Event))
        responses = tuple(item for item in items if isinstance(item, Response))
        if events:
            self._publish(channel or Channel.EVENTS, self.request(events=events, **more))
        if responses:
            self._publish(channel or Channel.RESPONSES, self.request(responses=responses, **more))
        if not items:
            self._publish(channel or Channel.STATE, self.request(snapshot=snapshot, **more))

    def request(self, **content) -> SyncRequest:
        values = {
            "bank": self.code,
            "generation": self.generation,
            "boot_id": self.boot_id,
            "mono_ms": _milliseconds(),
            "clock": Clock(synced=True, offset_ms=0, uncertainty_ms=10),
            "list_etag": None,
            "snapshot": None,
        }
        return SyncRequest(**values | content)

    def _publish(self, channel: Channel, request: SyncRequest) -> None:
        retain = channel in topics.RETAINED
        self.client.publish(topics.of(self.code, channel), wire.encode(request.as_document()), qos=1, retain=retain)

    def _connected(self, client, *_) -> None:
        self.connections += 1
        client.subscribe(topics.of(self.code, Channel.COMMANDS), qos=1)

    def _subscribed(self, client, *_) -> None:
        presence = Connection(bank=self.code, generation=self.generation, boot_id=self.boot_id, online=True)
        topic = topics.of(self.code, Channel.CONNECTION)
        client.publish(topic, wire.encode(presence.as_document()), qos=1, retain=True)
        self.ready.set()
        self.send_outbox()

    def _heard(self, _client, _userdata, message) -> None:
        self.retained += message.retain
        document = json.loads(message.payload)
        try:
            if document.get("type") == "sync":
                self._heed(SyncReply.read(document, self.keys, self.code))
            else:
                self._obey(commands.read(document, self.code), document)
        except ProtocolError:
            self.refused += 1

    def _heed(self, reply: SyncReply) -> None:
        with self.lock:
            self.replies.append(reply)
            self.confirmed_at = time.monotonic()
            del self.replies[:-50]
            confirmed = {
                (reply.boot_id, seq) for boot, seq in self.outbox if boot == reply.boot_id and seq <= reply.cursor
            }
            for key in (*confirmed, *reply.stored):
                self.outbox.pop(key, None)

    def _obey(self, command: commands.Command, document: dict) -> None:
        commands.verify(document, self.keys)
        with self.lock:
            if command.command_id in self.done:
                self.repeats += 1
                self.send(self._answer(command, Phase.FINAL, Outcome.OPENED, duplicate=True))
                return
            accepted = self._answer(command, Phase.ACCEPTED, None)
            self.done[command.command_id] = final = self._answer(command, Phase.FINAL, Outcome.OPENED)
            self.send(accepted, final)

    def _answer(self, command, phase, outcome, *, duplicate: bool = False) -> Response:
        return self._keep(
            Response,
            message_id=command.message_id,
            command_id=command.command_id,
            phase=phase,
            outcome=outcome,
            duplicate=duplicate,
            detail={"reason": None, "attempts": 1, "open_ms": 250 + self.seq % 500} if outcome else {},
        )

    def _keep(self, kind, **content):
        self.seq += 1
        item = kind(seq=self.seq, boot_id=self.boot_id, at=datetime.now(UTC), mono_ms=_milliseconds(), **content)
        self.outbox[self.boot_id, self.seq] = item
        return item


def _milliseconds() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)
