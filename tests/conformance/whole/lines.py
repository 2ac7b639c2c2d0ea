"""Two lines with faults between a bank's controller and the server, and clocks that nobody can trust."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import paho.mqtt.client as paho
from django.test import Client
from django.utils import timezone

from pickup.banks import keys, outbox
from pickup.banks.bridge.broker import Arrival
from pickup.banks.bridge.storing import batches, store
from pickup.models import Bank
from pickup.protocol import messages, topics, wire
from pickup.protocol.topics import Channel
from tests.protocol.kit import VirtualTicker


class Ticker(VirtualTicker):
    """The clocks of the bank's computer: they run with the town's seconds, a little fast or slow, and the date may be wrong."""

    def __init__(self, drift: float) -> None:
        super().__init__()
        self.drift = drift
        self.switch_on(super().wall())

    def switch_on(self, shows: datetime) -> None:
        """Begin to count from zero; the system's clock shows this."""
        self._on_since, self._showed = self.seconds, shows

    def wall(self) -> datetime:
        return self._showed + timedelta(seconds=self.mono())

    def mono(self) -> float:
        return (self.seconds - self._on_since) * (1 + self.drift)


class Cable:
    """HTTPS without a network: posts to the server's views, and keeps everything that was ever posted or fetched."""

    def __init__(self, config) -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {config.device_secret}", messages.BANK_HEADER: config.bank}
        self.sent = []
        self.lists = []
        self.old_list = None
        """A list that comes, once, instead of the newest."""

    def sync(self, document: dict) -> object:
        """What the server answers to a request of now."""
        answer = self.post(document)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def post(self, document: dict):
        """The answer of the view, whatever it is."""
        return self.client.post(messages.SYNC_PATH, document, content_type="application/json", headers=self.headers)

    def authlist(self, etag: str | None) -> object | None:
        """The newest list, None when the bank has it already, or an old one."""
        if self.old_list is not None:
            old, self.old_list = self.old_list, None
            return old
        headers = {**self.headers, "If-None-Match": f'"{etag}"'} if etag else self.headers
        answer = self.client.get(messages.AUTHLIST_PATH, headers=headers)
        if answer.status_code == 304:
            return None
        self.lists.append(answer.json())
        return answer.json()


class Post:
    """A broker that hands out what it was given when, in which order and as often as it likes; of the bank's, a cut loses the end."""

    def __init__(self, bank: str) -> None:
        self.bank = bank
        self.for_server: list[tuple[str, bytes]] = []
        self.heard: list[tuple[str, bytes]] = []
        """What the server was given already."""
        self.for_bank: list[dict] = []

    def server_hears(self, letter: tuple[str, bytes]) -> None:
        """Give the bridge one message; what it confirms, and all commands that wait, are then on their way to the bank."""
        channel, payload = letter
        arrival = Arrival(bank=self.bank, channel=channel, payload=payload, retained=False, number=0, connection=0)
        self.heard.append(letter)
        key, kid = keys.signing_key()
        self.for_bank += [reply.sign(key, kid) for reply in store(batches([arrival]))]
        self.for_bank += outbox.unanswered(Bank.objects.get(code=self.bank), timezone.now())


class Connection:
    """What the bank's program takes for paho's client: a line that lasts for one sending, one hearing and one more sending."""

    def __init__(self, post: Post, letters: list[dict], reach: int) -> None:
        """The bank hears `letters`; of what it publishes, the first `reach` messages reach the broker."""
        self.post, self.letters, self.left = post, letters, reach
        self._turns = iter((self._comes_up, self._hears))

    def __call__(self, *args, **kwargs) -> "Connection":
        """Stand in for the class."""
        return self

    def loop(self, seconds: float) -> int:
        turn = next(self._turns, None)
        if turn is None:
            return paho.MQTT_ERR_CONN_LOST
        turn()
        return paho.MQTT_ERR_SUCCESS

    def publish(self, topic: str, payload: bytes, **how) -> None:
        channel = topics.split(topic)[1]
        if channel != Channel.CONNECTION and self.left > 0:
            self.left -= 1
            self.post.for_server.append((channel, payload))

    def _comes_up(self) -> None:
        fine = SimpleNamespace(is_failure=False)
        self.on_connect(self, None, None, fine, None)
        self.on_subscribe(self, None, 1, [fine], None)

    def _hears(self) -> None:
        for letter in self.letters:
            self.on_message(self, None, SimpleNamespace(retain=False, payload=wire.encode(letter), topic="cmd"))

    def _agree(self, *args, **kwargs) -> None:
        """Settings mean nothing here."""

    username_pw_set = will_set = connect = subscribe = disconnect = _agree
