"""A place with one bank: its server, its power and its lines, and what must hold at every moment.

Real are the server's views, bridge and database and the bank's controller; simulated are the wall (with sensors inside), time, and
the lines. What people do to the doors is in `town.py`.
"""

import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from django.db import transaction

from pickup import codes, windows
from pickup.banks import outbox
from pickup.banks.provisioning import provision
from pickup.controller import config as configuration
from pickup.controller.program import make_driver, make_sync, open_bank
from pickup.controller.transports import mqtt
from pickup.controller.transports.https import Unreachable
from pickup.models import BankCommand, Collection
from pickup.protocol.errors import BadMessage
from pickup.protocol.vocabulary import CommandType
from tests.factories import make_shop
from tests.pickup.makers import ALWAYS, confirmed, fresh, make_bank, make_sheet, parcels_of, shift

from .lines import Cable, Connection, Post, Ticker
from .truth import Bag, Order, Truth

BEGAN = datetime(2027, 3, 2, 8, tzinfo=UTC)
WALL = ("S", "S", "M", "S chilled", "M chilled")
DOORS = tuple(f"C{number}" for number in range(1, len(WALL) + 1))
GOODS = {
    "small": {"volume_l": "2.00"},
    "large": {"volume_l": "30.00"},
    "chilled": {"volume_l": "2.00", "temperature": "chilled"},
    "bread": {"volume_l": "2.00", "max_dwell_hours": 1},
}
TICK_SECONDS = 25
SLACK = timedelta(milliseconds=10)
DEAD_BATTERY = datetime(1970, 1, 1, tzinfo=UTC)


class Place:
    """What really happens, beside what server and bank believe. An AssertionError says which promise was broken."""

    def __init__(self, *, wrong_by: timedelta = timedelta(), drift: float = 0.0) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()
        self.folder = Path(tempfile.mkdtemp(prefix="whole-system-"))
        self.ticker = Ticker(drift)
        self.patch = mock.patch("django.utils.timezone.now", self.now)
        self.patch.start()
        self.truth = Truth()
        self.commands: dict[str, BankCommand] = {}
        """Openings that the server has ordered, and that no door has followed yet."""
        self.pulses_seen = 0
        self.waiting = None
        """A request over HTTPS that is under way, with its answer."""
        self.sheets = {}
        self._build()
        self.switch_on(self.now() + wrong_by)
        self.exchange()

    def close(self) -> None:
        """Leave nothing behind."""
        self.bank.journal.close()
        self.patch.stop()
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)
        shutil.rmtree(self.folder)

    def _build(self) -> None:
        self.server_bank = make_bank(*WALL)
        source = provision(self.server_bank, server="http://127.0.0.1:9", state_dir=self.folder, kiosk_port=0)
        self.server_bank.refresh_from_db()
        line = configuration.Mqtt(host="127.0.0.1", port=1, user="bank", password="secret", tls=False)
        self.config = replace(configuration.read(source), mqtt=line, generation=self.server_bank.generation)
        self.driver = make_driver(self.config)
        self.cable = Cable(self.config)
        self.post = Post(self.server_bank.code)

    # Time and power

    def now(self) -> datetime:
        """The true moment."""
        return BEGAN + timedelta(seconds=self.ticker.seconds)

    def pass_seconds(self, seconds: float) -> None:
        """Let time pass; nobody touches anything."""
        steps = max(1, int(seconds // TICK_SECONDS))
        for _ in range(steps):
            self.ticker.seconds += seconds / steps
            self.bank.tick()
        self.expect(set())

    def cut_power(self, seconds: float = 0, shows: datetime | timedelta = timedelta()) -> None:
        """Pull the plug, and put it in again so much later; the battery's clock then shows `shows`, or is wrong by it."""
        self.bank.journal.close()
        self.truth.power_failed(self.ticker.seconds, seconds)
        self.ticker.seconds += seconds
        self.switch_on(shows if isinstance(shows, datetime) else self.now() + shows)
        self.expect(set())

    def switch_on(self, shows: datetime) -> None:
        """Start the bank's program."""
        self.ticker.switch_on(shows)
        self.bank = open_bank(self.config, self.driver, self.ticker)
        self.sync = make_sync(self.bank)
        self.sync.link = self.cable
        self.line = mqtt.MqttLine(self.bank, self.config.mqtt)
        self.waiting = None

    # Orders of residents, and of the server

    def order(self, *wanted: tuple[int, str], later: bool = False) -> Order | None:
        """Somebody orders from shops 0, 1… goods of a kind, and all is paid; None while there is no room for it.

        Deposits are from now on, or `later` as the window says.
        """
        sheets = [(self._sheet(shop, kind), 1) for shop, kind in wanted]
        point = self.server_bank.point
        offers = [each for each in windows.offers(fresh(*sheets), now=self.now()) if each.point == point]
        if not offers or not offers[0].windows:
            return None
        collection = confirmed(point, *sheets, window=offers[0].windows[0])
        if not later:
            shift(collection, max(collection.deposit_from - self.now(), timedelta(0)))
        order = _as_papers(collection)
        self.truth.orders.append(order)
        return order

    def order_opening(self, label: str) -> None:
        """An operator orders a door to be opened."""
        command = outbox.send(
            self.server_bank, CommandType.DOOR_OPEN, {"compartment": label, "leg": None}, reason="service"
        )
        self.commands[command.command_id] = command

    def _sheet(self, shop: int, kind: str):
        if ("shop", shop) not in self.sheets:
            self.sheets["shop", shop] = make_shop(opening_hours=ALWAYS, lead_minutes=0)
        if (shop, kind) not in self.sheets:
            self.sheets[shop, kind] = make_sheet(shop=self.sheets["shop", shop], **GOODS[kind])
        return self.sheets[shop, kind]

    # HTTPS

    def exchange(self, fate: str = "arrives") -> None:
        """Ask the server and take its answer, or lose one of the two on the way."""
        self.ask(fate)
        if fate == "answer lost":
            self.waiting = None
        self.take_answer()

    def ask(self, fate: str = "arrives") -> None:
        """Ask the server; its answer stays on its way."""
        request = self.sync.ask()
        document = request.as_document()
        self.cable.sent.append(document)
        if fate == "arrives twice":
            self.cable.sync(document)
        self.waiting = None if fate == "request lost" else (request, self.cable.sync(document))

    def take_answer(self) -> None:
        """The answer arrives."""
        if self.waiting:
            (request, answer), self.waiting = self.waiting, None
            with suppress(Unreachable, BadMessage):  # an old list is refused
                self.sync.take(answer, request)
        self.expect_ordered()

    def repeat_request(self, which: int) -> None:
        """A request arrives that was sent, or lost, before."""
        answer = self.cable.post(self.cable.sent[which % len(self.cable.sent)])
        assert answer.status_code in (200, 409), "the server did not understand what it had understood before"

    # MQTT

    def connect(self, *which: int, reach: int = 20) -> None:
        """The line over the broker is up for a moment: the bank sends, hears the letters chosen from those for it, and answers."""
        letters = [self.post.for_bank[each % len(self.post.for_bank)] for each in which if self.post.for_bank]
        with mock.patch.object(mqtt.paho, "Client", Connection(self.post, letters, reach)):
            self.line._live_once()
        self.expect_ordered()

    def deliver(self, most: int = 20) -> None:
        """The broker hands the server what it has, in order."""
        letters, self.post.for_server = self.post.for_server[:most], self.post.for_server[most:]
        for letter in letters:
            self.post.server_hears(letter)

    # What holds

    def expect(self, allowed: set[str]) -> None:
        """Only these locks were pulsed since last asked."""
        new = self._new_pulses()
        assert set(new) <= allowed, f"pulses without right: {new}"

    def expect_ordered(self) -> None:
        """Each lock that was pulsed since last asked followed one order of the server, in its time."""
        for label in self._new_pulses():
            orders = [each for each in self.commands.values() if each.data["compartment"] == label]
            assert orders, f"{label} was pulsed without an order, or twice for one"
            in_time = [each for each in orders if self.now() <= each.not_after + self.bank.clock.uncertainty() + SLACK]
            assert in_time and self.bank.clock.is_sure(), f"{label} was pulsed for an order that was over"
            del self.commands[in_time[0].command_id]
            self.truth.disturbed(label)

    def check(self) -> None:
        """What holds at every moment."""
        self.truth.judge_book(self.bank.legs.taken_compartments())
        clock = self.bank.clock
        assert abs(clock.now() - self.now()) <= clock.uncertainty() + SLACK, "the clock is more wrong than it says"

    def _new_pulses(self) -> list[str]:
        names = {address: label for label, address in self.bank.doors.addresses.items()}
        new = [names[address] for address in self.driver.pulses[self.pulses_seen :]]
        self.pulses_seen = len(self.driver.pulses)
        for label in new:
            self.truth.pulsed(label)
        return new


def _as_papers(collection: Collection) -> Order:
    collection = Collection.objects.get(pk=collection.pk)
    bags = tuple(
        Bag(
            parcel=parcel.pk,
            leg=parcel.leg_id,
            shop=parcel.shop_order.shop_id,
            pin=codes.deposit_pin(parcel),
            token=codes.deposit_token(parcel),
        )
        for parcel in parcels_of(collection)
    )
    return Order(
        collection=collection.pk,
        bags=bags,
        pin=codes.collect_pin(collection),
        token=codes.collect_token(collection),
        deposit_from=collection.deposit_from,
        food_ends={leg.pk: leg.hard_exp for leg in collection.legs.all() if leg.hard_exp},
    )
