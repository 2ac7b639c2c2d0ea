"""Anybody at the broker: what may they say and hear, and what does the broker tell them?"""

import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from pickup.protocol import topics
from tests.broker import Broker
from tests.waiting import until


class Client:
    """A client with a session like a bank's, which notes what the broker tells it."""

    def __init__(self, broker: Broker, user: str, password: str, *, name: str = "", will: str = "") -> None:
        self.up = False
        self.refused: bool | None = None
        """What the broker said to the last attempt to come in."""
        self.lost = 0
        """How often the line has ended."""
        self.heard: list[str] = []
        self.granted: list[int] = []
        self.answers: dict[int, int] = {}
        self.client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id=name or user, protocol=paho.MQTTv5)
        self.client.username_pw_set(user, password)
        self.client.reconnect_delay_set(0.1, 0.2)
        if will:
            self.client.will_set(will, b"{}", qos=1)
        self.client.on_connect = self._connected
        self.client.on_disconnect = self._lost
        self.client.on_message = lambda _c, _u, message: self.heard.append(message.topic)
        self.client.on_subscribe = lambda _c, _u, _m, reasons, _p: self.granted.extend(each.value for each in reasons)
        self.client.on_publish = lambda _c, _u, number, reason, _p: self.answers.update({number: reason.value})
        session = Properties(PacketTypes.CONNECT)
        session.SessionExpiryInterval = topics.SESSION_SECONDS
        self.client.connect("127.0.0.1", broker.port, clean_start=False, properties=session)
        self.client.loop_start()
        until(lambda: self.refused is not None)

    def subscribe(self, *filters: str) -> None:
        """Ask for these topics and wait for the broker's answer, whatever it is."""
        wanted = len(self.granted) + len(filters)
        self.client.subscribe([(each, 1) for each in filters])
        until(lambda: len(self.granted) == wanted)

    def publish(self, topic: str, *, retain: bool = False) -> int:
        """Publish, and return the reason code in the broker's answer."""
        number = self.client.publish(topic, b"{}", qos=1, retain=retain).mid
        until(lambda: number in self.answers)
        return self.answers[number]

    def vanish(self) -> None:
        """Be gone without a good-bye."""
        self.client.loop_stop()
        self.client.socket().close()

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def _connected(self, _client, _userdata, _flags, reason, _properties) -> None:
        self.up, self.refused = not reason.is_failure, reason.is_failure

    def _lost(self, *_) -> None:
        self.lost += 1
