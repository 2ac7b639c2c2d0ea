"""The connection to the broker: messages in, acknowledged only when somebody says that they are stored; messages out."""

import logging
import queue
import ssl
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from pickup.protocol import topics, wire
from pickup.protocol.topics import Channel

logger = logging.getLogger(__name__)
CLIENT_ID = "halles-bridge"
PORTS = {"mqtt": 1883, "mqtts": 8883}
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# The broker hands out so many messages before the first must be stored: a bound for our memory, and for a batch.
RECEIVE_MAXIMUM = 2000
SHORTEST_PAUSE, LONGEST_PAUSE = 1, 60


class UnusableAddress(Exception):
    """MQTT_URL cannot be used; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """One message of a bank, not yet acknowledged."""

    bank: str
    channel: str
    payload: bytes
    retained: bool
    number: int
    """The broker's number of this delivery; it means something within one connection only."""
    connection: int


class Broker:
    """Runs in a thread of paho's. `arrivals` fills; the owner works it off, and calls `acknowledge` and `publish`."""

    def __init__(self, url: str, ca_file: str = "") -> None:
        self.arrivals: queue.SimpleQueue = queue.SimpleQueue()
        self.connection = 0
        address = _checked(url)
        self._client = client = paho.Client(
            paho.CallbackAPIVersion.VERSION2, client_id=CLIENT_ID, protocol=paho.MQTTv5, manual_ack=True
        )
        if address.username:
            client.username_pw_set(unquote(address.username), unquote(address.password or ""))
        if address.scheme == "mqtts":
            context = ssl.create_default_context(cafile=ca_file or None)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            client.tls_set_context(context)
        client.reconnect_delay_set(SHORTEST_PAUSE, LONGEST_PAUSE)
        client.on_connect = self._connected
        client.on_disconnect = self._lost
        client.on_message = self._heard
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = topics.SESSION_SECONDS
        properties.ReceiveMaximum = RECEIVE_MAXIMUM
        client.connect_async(
            address.hostname,
            address.port or PORTS[address.scheme],
            topics.KEEP_ALIVE_SECONDS,
            clean_start=False,
            properties=properties,
        )

    def start(self) -> None:
        """Connect, and again whenever the line is lost; returns at once."""
        self._client.loop_start()

    def stop(self) -> None:
        """Say good-bye. The broker keeps for us what arrives from now on."""
        self._client.disconnect()
        self._client.loop_stop()

    @property
    def is_up(self) -> bool:
        """Whether the line is there."""
        return self._client.is_connected()

    def acknowledge(self, arrivals: list[Arrival]) -> None:
        """Let the broker forget these. Numbers of an earlier connection mean nothing in this one."""
        for arrival in arrivals:
            if arrival.connection == self.connection and arrival.number:
                self._client.ack(arrival.number, 1)

    def publish(self, bank: str, document: dict, *, seconds: int) -> bool:
        """Send to one bank, never retained; False when there is no line. The broker drops it after `seconds`."""
        if not self.is_up:
            return False
        topic = topics.of(bank, Channel.COMMANDS)
        sent = self._client.publish(topic, wire.encode(document), qos=1, retain=False, properties=_life(seconds))
        return sent.rc == paho.MQTT_ERR_SUCCESS

    def _connected(self, client, _userdata, _flags, reason, _properties) -> None:
        if reason.is_failure:
            logger.error("The broker refuses the bridge: %s", reason)
            return
        self.connection += 1
        client.subscribe([(topics.of("+", channel), 1) for channel in topics.FROM_BANK])
        logger.info("The bridge is connected to the broker.")

    def _lost(self, _client, _userdata, _flags, reason, _properties) -> None:
        logger.warning("The line to the broker is lost: %s", reason)

    def _heard(self, _client, _userdata, message: paho.MQTTMessage) -> None:
        bank, channel = topics.split(message.topic)
        self.arrivals.put(
            Arrival(
                bank=bank,
                channel=channel,
                payload=message.payload,
                retained=message.retain,
                number=message.mid,
                connection=self.connection,
            )
        )


@lru_cache(maxsize=100)
def _life(seconds: int) -> Properties:
    """The properties of a message that the broker drops after so long. Making them costs paho as much as sending."""
    properties = Properties(PacketTypes.PUBLISH)
    properties.MessageExpiryInterval = max(1, seconds)
    return properties


def _checked(url: str):
    address = urlsplit(url)
    if address.scheme not in PORTS or not address.hostname:
        raise UnusableAddress("MQTT_URL must be mqtts://user:password@host, or mqtt:// for this very computer.")
    if address.scheme == "mqtt" and address.hostname not in LOOPBACK:
        raise UnusableAddress("MQTT_URL must be mqtts; plain mqtt is for this very computer only.")
    return address
