"""What neither side can see: where goods really lie, what people really said, and what therefore must not happen."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

GRACE_SECONDS = 15 * 60 + 5
FORGOTTEN_SECONDS = 60
"""A bank without a battery goes on, after a power cut, from the last moment that it has stored: every minute."""
TIMEOUT_SECONDS = 90 + 30
"""After so long without anybody a door that was opened and shut counts as collected; the bank looks every 25 seconds here."""
EARLY = timedelta(seconds=120)
"""How long before its time a shop may be let in."""
NEVER = float("inf")


@dataclass(frozen=True)
class Bag:
    """One parcel, and what its shop shows to the bank."""

    parcel: int
    leg: int
    shop: int
    pin: str
    token: str


@dataclass(frozen=True)
class Order:
    """One order, and what its resident shows to the bank."""

    collection: int
    bags: tuple[Bag, ...]
    pin: str
    token: str
    deposit_from: datetime
    food_ends: dict[int, datetime]
    """Leg -> the last moment at which its food may be given out."""

    @property
    def legs(self) -> set[int]:
        return {bag.leg for bag in self.bags}


@dataclass(frozen=True)
class Taken:
    """A leg of which nothing is left inside."""

    since: float = NEVER
    """When the bank was told, or saw the last door shut; NEVER before that."""
    told: bool = False
    """The resident has said so; else the bank must conclude it from the doors."""

    @property
    def patience(self) -> float:
        """So many seconds later the bank must count the leg as collected."""
        return 0.0 if self.told else TIMEOUT_SECONDS


@dataclass
class Truth:
    """The goods and doors of one bank. Moments are seconds since the beginning."""

    orders: list[Order] = field(default_factory=list)
    inside: dict[Bag, str] = field(default_factory=dict)
    """Where goods lie now."""
    confirmed: dict[Bag, float] = field(default_factory=dict)
    """When the shop said "deposited"."""
    confirmations: int = 0
    """How often shops have said so; some say it twice."""
    given: dict[int, set[str]] = field(default_factory=dict)
    """Leg -> the doors that shops have had opened for it, less those that they have emptied."""
    taken: dict[int, Taken] = field(default_factory=dict)
    """Leg -> how it became empty, once it is."""
    opened_for: dict[str, int] = field(default_factory=dict)
    """Door -> leg whose resident had it opened, until it is shut."""
    opened_once: set[tuple[int, str]] = field(default_factory=set)
    """Leg and door that a resident's code opened while it was shut: without that edge the bank concludes nothing."""
    standing: set[str] = field(default_factory=set)
    """Doors that stand open."""
    fresh: set[str] = field(default_factory=set)
    """Those of them that were shut before the last pulse."""
    cuts: list[tuple[float, float]] = field(default_factory=list)
    """Power cuts: when, and how many seconds the bank may not know of."""

    def bag_of(self, leg: int, shop: int) -> Bag:
        return next(bag for order in self.orders for bag in order.bags if (bag.leg, bag.shop) == (leg, shop))

    def behind(self, door: str) -> list[Bag]:
        return [bag for bag, place in self.inside.items() if place == door]

    def of_leg(self, leg: int) -> list[Bag]:
        return [bag for order in self.orders for bag in order.bags if bag.leg == leg]

    def ready(self, order: Order) -> set[int]:
        """The legs whose goods were all confirmed, and none was taken."""
        return {
            leg for leg in order.legs if all(bag in self.confirmed and bag in self.inside for bag in self.of_leg(leg))
        }

    def age(self, since: float, now: float) -> float:
        """How many seconds of those since then the bank has certainly counted."""
        return now - since - sum(lost for at, lost in self.cuts if at >= since)

    # What must not happen

    def judge_deposit(self, bag: Bag, door: str, now: float) -> None:
        """A door has opened for a shop."""
        came = self.confirmed.get(bag)
        assert came is None or self.age(came, now) <= GRACE_SECONDS, "a shop's code was used again"
        assert all(other.leg == bag.leg for other in self.behind(door)), "two orders behind one door"
        taken = self.taken.get(bag.leg, Taken())
        assert self.age(taken.since, now) < taken.patience, "a shop opened what was collected"

    def judge_collection(self, order: Order, leg: int, door: str, now: float) -> None:
        """A door has opened for a resident."""
        assert leg in order.legs, "a foreign door was opened"
        assert all(bag in self.confirmed for bag in self.of_leg(leg)), "a code opened before all goods were inside"
        assert door in self.given[leg], "a foreign door was opened"
        assert all(bag.leg == leg for bag in self.behind(door)), "a foreign door was opened"
        taken = self.taken.get(leg, Taken())
        assert self.age(taken.since, now) <= GRACE_SECONDS + taken.patience, "a code was used again"

    def judge_reach(self, legs: set[int], doors: set[str]) -> None:
        """One code opens all these doors: all goods of these legs are behind one of them."""
        for bag, place in self.inside.items():
            assert bag.leg not in legs or place in doors, f"goods in {place} are out of reach"

    def judge_book(self, taken: dict[str, int]) -> None:
        """The bank believes these compartments to be taken by these legs."""
        for bag, place in self.inside.items():
            assert taken.get(place) == bag.leg, f"goods in {place} are forgotten"

    # What happens

    def laid(self, bag: Bag, door: str) -> None:
        """A bag lies behind this door, unless it lay behind one already. A leg that was emptied before is so no more."""
        if bag not in self.inside:
            self.inside[bag] = door
            self.taken.pop(bag.leg, None)

    def removed(self, bag: Bag, door: str) -> None:
        """A shopkeeper takes the bag along, also when it lay there already."""
        self.inside.pop(bag, None)
        if not self.behind(door):
            self.given[bag.leg].discard(door)

    def confirm(self, bag: Bag, now: float) -> None:
        """A shop said "deposited"."""
        self.confirmed.setdefault(bag, now)
        self.confirmations += 1

    def carried(self, old: str, new: str) -> None:
        """A shopkeeper carried everything over."""
        for bag in self.behind(old):
            self.inside[bag] = new

    def pulsed(self, door: str) -> None:
        """A lock let go, for whomever."""
        if door in self.standing:
            self.fresh.discard(door)
        else:
            self.fresh.add(door)
        self.standing.add(door)

    def disturbed(self, door: str) -> None:
        """Somebody else had the door opened after a resident: when it is shut, that says nothing of the resident any more."""
        leg = self.opened_for.pop(door, None)
        self.opened_once.discard((leg, door))

    def opened(self, leg: int, door: str, now: float) -> None:
        """A resident's code opened a door: whoever stands there is not done yet."""
        self.opened_for[door] = leg
        if door in self.fresh:
            self.opened_once.add((leg, door))
        taken = self.taken.get(leg)
        if taken and not taken.told and self.age(taken.since, now) <= TIMEOUT_SECONDS:
            self.taken[leg] = Taken()

    def took(self, leg: int, door: str) -> None:
        """The resident took what lay behind one door."""
        for bag in self.behind(door):
            del self.inside[bag]
        if not any(bag.leg == leg for bag in self.inside):
            self.taken.setdefault(leg, Taken())

    def claimed(self, leg: int, now: float) -> None:
        """The resident said at each door of the leg that everything was taken."""
        if leg in self.taken and not self.taken[leg].told:
            self.taken[leg] = Taken(now, told=True)

    def shut(self, door: str, now: float) -> None:
        """A door is pushed shut. Of an emptied leg the bank can know when all its doors were opened, and the last is shut."""
        self.standing.discard(door)
        leg = self.opened_for.pop(door, None)
        if leg not in self.taken or leg in self.opened_for.values():
            return
        told = self.taken[leg].told
        if told or all((leg, each) in self.opened_once for each in self.given[leg]):
            self.taken[leg] = Taken(now, told=told)

    def power_failed(self, now: float, seconds: float) -> None:
        """The power was gone for so long."""
        self.cuts.append((now, seconds + FORGOTTEN_SECONDS))
