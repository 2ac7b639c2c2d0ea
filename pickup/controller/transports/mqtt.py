"""MQTT 5: a standing line on which commands arrive at once. Everything sent comes from the outbox, never from memory.

The broker is nobody's witness: a PUBACK says that the broker has a message, and only the server's signed `sync` document on
`cmd` says that the server has stored it. What stays unconfirmed is sent again.
"""

import logging
import ssl
import threading

import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from pickup.protocol import topics, wire
from pickup.protocol.errors import ProtocolError
from pickup.protocol.messages import Connection, SyncReply
from pickup.protocol.topics import Channel
from pickup.protocol.vocabulary import Alert, EventType

from .. import snapshots
from ..bank import Bank
from ..config import Mqtt
from .exchange import Exchange
from .pauses import pause_after

log = logging.getLogger(__name__)

CONNECT_SECONDS = 10
LOOP_SECONDS = 0.1
LOOK_SECONDS = 1.0
GOOD_BYE_LOOPS = 20
PORTION = 50
RESEND_SECONDS = 10.0
PATIENCE_SECONDS = 30.0
MOST_EARLY = 50
MOST_BYTES = 100_000


class MqttLine:
    """One connection after the other, for ever. All of it runs in the thread of `run`."""

    def __init__(self, bank: Bank, settings: Mqtt) -> None:
        self.bank = bank
        self.settings = settings
        self.conversation = Exchange(bank)
        self.journal = bank.journal
        self.retained_commands = 0
        """How often somebody tried to leave a command at the broker."""
        self._client: paho.Client | None = None
        self._subscribed = False
        self._lost_at: float | None = None
        self._published = (0, 0)
        self._published_at = 0.0
        self._state = None
        self._looked_at = self._beat_at = float("-inf")
        self._early: list[dict] = []
        self._stop = threading.Event()

    def carries(self) -> bool:
        """Say whether the conversation runs here: connected, or lost for so short a time that it may come back."""
        lost_at = self._lost_at
        return self._subscribed or (lost_at is not None and self.bank.clock.mono() - lost_at <= PATIENCE_SECONDS)

    def run(self) -> None:
        """Go on until `stop`."""
        failures = 0
        while not self._stop.is_set():
            was_connected = False
            try:
                was_connected = self._live_once()
            except OSError as error:
                log.warning("No line to the broker: %s", error)
            except Exception:  # what was not acknowledged to the broker comes again with the next connection
                log.exception("The line to the broker broke down.")
            failures = 1 if was_connected else failures + 1
            self.bank.clock.ticker.wait(self._stop, pause_after(failures))

    def stop(self) -> None:
        """End `run` soon, with a good-bye."""
        self._stop.set()

    # One connection

    def _live_once(self) -> bool:
        """Connect and stay until the line is lost; True when it was ever up."""
        self._client = client = self._new_client()
        client.connect(self.settings.host, self.settings.port, topics.KEEP_ALIVE_SECONDS, **self._session())
        began = self.bank.clock.mono()
        was_up = False
        while not self._stop.is_set() and client.loop(LOOP_SECONDS) == paho.MQTT_ERR_SUCCESS:
            was_up = was_up or self._subscribed
            if self._subscribed:
                self._send_news()
            elif self.bank.clock.mono() - began > CONNECT_SECONDS:
                break
        if self._subscribed:
            self._lost_at = self.bank.clock.mono()
        if self._stop.is_set() and self._subscribed:
            self._say_good_bye()
        self._subscribed = False
        client.disconnect()
        return was_up

    def _new_client(self) -> paho.Client:
        # The user name is as unique as the identity, so it names the session too: a cloned card ends the other's line.
        client = paho.Client(
            paho.CallbackAPIVersion.VERSION2, client_id=self.settings.user, protocol=paho.MQTTv5, transport="tcp"
        )
        client.username_pw_set(self.settings.user, self.settings.password)
        client.connect_timeout = CONNECT_SECONDS
        if self.settings.tls:
            context = ssl.create_default_context(cadata=self.settings.ca)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            client.tls_set_context(context)
        will = Properties(PacketTypes.WILLMESSAGE)
        will.WillDelayInterval = topics.WILL_DELAY_SECONDS
        topic = topics.of(self.bank.config.bank, Channel.CONNECTION)
        client.will_set(topic, self._presence(online=False), qos=1, retain=True, properties=will)
        client.on_connect = self._connected
        client.on_subscribe = self._may_hear
        client.on_message = self._heard
        return client

    def _session(self) -> dict:
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = topics.SESSION_SECONDS
        properties.ReceiveMaximum = topics.RECEIVE_MAXIMUM
        return {"clean_start": False, "properties": properties}

    def _connected(self, client, _userdata, _flags, reason, _properties) -> None:
        if reason.is_failure:
            log.warning("The broker refuses this bank: %s", reason)
            return
        # Retained messages are neither asked for (2) nor passed off as fresh ones (as published).
        options = SubscribeOptions(qos=1, retainAsPublished=True, retainHandling=SubscribeOptions.RETAIN_DO_NOT_SEND)
        client.subscribe(topics.of(self.bank.config.bank, Channel.COMMANDS), options=options)

    def _may_hear(self, _client, _userdata, _mid, reasons, _properties) -> None:
        if any(reason.is_failure for reason in reasons):
            log.error("The broker does not let this bank hear its commands.")
            return
        self._subscribed = True
        self._published, self._state = (0, 0), None
        self._looked_at = self._beat_at = float("-inf")
        self._publish(Channel.CONNECTION, self._presence(online=True))

    def _say_good_bye(self) -> None:
        farewell = self._publish(Channel.CONNECTION, self._presence(online=False))
        for _ in range(GOOD_BYE_LOOPS):
            if farewell.is_published() or self._client.loop(LOOP_SECONDS) != paho.MQTT_ERR_SUCCESS:
                return

    # Outwards

    def _send_news(self) -> None:
        now = self.bank.clock.mono()
        if now - self._looked_at >= LOOK_SECONDS:
            self._looked_at = now
            self._send_state()
        if now - self._beat_at >= topics.HEARTBEAT_SECONDS:
            self._beat_at = now
            self._send(Channel.HEARTBEAT, health=self.conversation.health())
        self._send_outbox(now)

    def _send_state(self) -> None:
        snapshot = snapshots.take(self.bank)
        if snapshot != self._state:
            self._state = snapshot
            self._send(Channel.STATE, snapshot=snapshot)

    def _send_outbox(self, now: float) -> None:
        """Send what was not sent on this line; and all again when nothing was confirmed for a while."""
        with self.bank.lock:
            if self._published != (0, 0) and now - self._published_at > RESEND_SECONDS:
                self._published = (0, 0)
            events, responses = self.journal.unsent(PORTION, after=self._published)
        if not events and not responses:
            return
        self._published = max((item.boot_id, item.seq) for item in (*events, *responses))
        self._published_at = now
        if events:
            self._send(Channel.EVENTS, events=events)
        if responses:
            self._send(Channel.RESPONSES, responses=responses)

    def _send(self, channel: Channel, **content) -> None:
        self._publish(channel, wire.encode(self.conversation.report(**content).as_document()))

    def _publish(self, channel: Channel, payload: bytes) -> paho.MQTTMessageInfo:
        topic = topics.of(self.bank.config.bank, channel)
        properties = Properties(PacketTypes.PUBLISH)
        if channel in LIVES:
            properties.MessageExpiryInterval = LIVES[channel]
        qos = 0 if channel is Channel.HEARTBEAT else 1
        return self._client.publish(topic, payload, qos=qos, retain=channel in topics.RETAINED, properties=properties)

    def _presence(self, *, online: bool) -> bytes:
        config = self.bank.config
        message = Connection(
            bank=config.bank, generation=config.generation, boot_id=self.journal.boot_id, online=online
        )
        return wire.encode(message.as_document())

    # Inwards

    def _heard(self, _client, _userdata, message: paho.MQTTMessage) -> None:
        """Take one message on `cmd`. It is acknowledged to the broker when this returns."""
        if message.retain:
            self._refuse_retained()
            return
        try:
            document = wire.decode(message.payload, most=MOST_BYTES)
            if isinstance(document, dict) and document.get("type") == "sync":
                self._heed(document)
            else:
                self._obey(document)
        except ProtocolError as error:
            log.warning("A message on %s is of no use: %s", message.topic, error)

    def _heed(self, document: dict) -> None:
        config = self.bank.config
        self.conversation.heed(SyncReply.read(document, config.server_keys, config.bank))
        if self._early and self.conversation.knows_the_time():
            early, self._early = self._early, []
            for command in early:
                self.bank.remote.apply(command)

    def _obey(self, document: object) -> None:
        """Commands that came before the time was known wait for it: nobody could say whether they are late."""
        if self.conversation.knows_the_time():
            self.bank.remote.apply(document)
        elif len(self._early) < MOST_EARLY:
            self._early.append(document)

    def _refuse_retained(self) -> None:
        """A command left at the broker would come again with every connection; the server never leaves one."""
        self.retained_commands += 1
        with self.bank.lock:
            self.journal.emit(EventType.ALERT, why=Alert.RETAINED_COMMAND, detail=f"number {self.retained_commands}")


LIVES = {
    Channel.HEARTBEAT: topics.HEARTBEAT_LIFE_SECONDS,
    Channel.RESPONSES: topics.RESPONSE_LIFE_SECONDS,
}
