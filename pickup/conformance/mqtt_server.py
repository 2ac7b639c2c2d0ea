"""The same server with a broker between it and the bank: events and answers come in, confirmations and commands go out."""

import contextlib
import threading

import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from pickup.protocol import topics, wire
from pickup.protocol.errors import ProtocolError
from pickup.protocol.messages import SyncRequest
from pickup.protocol.topics import Channel

from .papers import BANK
from .server import Server

CONNECT_SECONDS = 10
COMMAND_LIFE_SECONDS = 30


class MqttServer(Server):
    """Confirms what is stored with signed documents on `cmd`; gives the list, and falls back, over HTTPS."""

    def __init__(self, port: int, *more: object) -> None:
        super().__init__(*more)
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id="server", protocol=paho.MQTTv5)
        self._client.on_connect = lambda client, *_: client.subscribe(
            [(topics.of(BANK, channel), 1) for channel in topics.FROM_BANK]
        )
        self._client.on_message = self._heard
        subscribed = threading.Event()
        self._client.on_subscribe = lambda *_: subscribed.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        subscribed.wait(CONNECT_SECONDS)

    def close(self) -> None:
        """Leave the broker and stop listening."""
        self._client.disconnect()
        self._client.loop_stop()
        super().close()

    def order(self, *documents: dict) -> None:
        """Publish each command, once."""
        for document in documents:
            self.publish(document)

    def publish(self, document: dict, *, retain: bool = False) -> None:
        """Put a document on the bank's topic of commands; `retain` is what a server never does."""
        properties = Properties(PacketTypes.PUBLISH)
        if not retain:
            properties.MessageExpiryInterval = COMMAND_LIFE_SECONDS
        topic = topics.of(BANK, Channel.COMMANDS)
        self._client.publish(topic, wire.encode(document), qos=1, retain=retain, properties=properties)

    def _heard(self, _client: object, _userdata: object, message: paho.MQTTMessage) -> None:
        _bank, channel = topics.split(message.topic)
        if channel == Channel.CONNECTION or not message.payload:
            return
        with contextlib.suppress(ProtocolError):
            request = SyncRequest.read(wire.decode(message.payload), BANK)
            self.store(request)
            self.publish(self.reply(request))
