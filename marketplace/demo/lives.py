"""Invented days of one locker bank: who deposited and came when, who found no room, and what the bank would have reported.

Plausible, not measured: the habits below are guesses at a small town. Every bank lives the same days each time it is made.
"""

from datetime import datetime, timedelta
from random import Random

from pickup.kpi.counting import Happened
from pickup.kpi.trace import Lay, Refused

SIZES = ["S", "M", "L"]
ORDERS_A_DOOR = 0.5
WEEKDAYS = [0.8, 0.9, 1.0, 1.0, 1.3, 1.5, 0.5]
BASKETS = [(("ambient",), 0.62), (("chilled",), 0.16), (("ambient", "chilled"), 0.17), (("frozen",), 0.05)]
SIZE_SHARES = {"S": 0.5, "M": 0.37, "L": 0.13}
DEPOSITS_H = (10.0, 18.4)
STAY_H = {"scale": 8.5, "shape": 0.85}
NIGHT_H = (0, 7)  # almost nobody comes
WINDOW_H, CLEARED_H = 19, 9
COMES_LATE = 0.6
JAMS, NO_ROOM, CUT_OFF = 0.004, 0.004, 0.06
VISIT_SECONDS = (30, 75)


class Lives:
    """The days of the bank `code` so far: `lays`, `refused`, `events`, and the moments at which orders became late or were cleared.

    `doors`: temperature -> size -> number.
    """

    def __init__(self, code: str, doors: dict[str, dict[str, int]]):
        self.random = Random(f"the days of {code}")  # noqa: S311  invented habits, no secret
        self.free = {(kept, size): [0.0] * number for kept in doors for size, number in doors[kept].items()}
        self.baskets = [(kept, share) for kept, share in BASKETS if set(kept) <= set(doors)]
        self.rate = ORDERS_A_DOOR * sum(map(sum, (sizes.values() for sizes in doors.values())))
        self.lays: list[Lay] = []
        self.refused: list[Refused] = []
        self.events: list[Happened] = []
        self.overdue: list[datetime] = []
        self.cleared: list[datetime] = []

    def live(self, midnight: datetime) -> None:
        """One more day of the town, which begins at `midnight`."""
        wanted = round(self.random.gauss(self.rate, self.rate**0.5) * WEEKDAYS[midnight.weekday()])
        cut_off = self.random.random() < CUT_OFF
        for hour in sorted(self.random.uniform(*DEPOSITS_H) for _order in range(wanted)):
            self._order(midnight, midnight + timedelta(hours=hour), offline=cut_off)

    def _order(self, midnight: datetime, start: datetime, *, offline: bool) -> None:
        (kept,) = self.random.choices(*zip(*self.baskets, strict=True))
        sizes = {temperature: self._size(temperature) for temperature in kept}
        window = midnight + timedelta(hours=WINDOW_H)
        doors = {temperature: self._free_door(temperature, size, start) for temperature, size in sizes.items()}
        if None in doors.values():
            wish = Refused(at=start, starts_at=window, ends_at=window + timedelta(days=1), legs=sizes)
            self.refused.append(wish)
            return
        number, ready = len(self.lays) + 1, start + timedelta(minutes=self.random.choice([0, 0, 20, 60]))
        left, is_collected = self._end(ready, window + timedelta(days=1))
        for temperature, (size, place) in doors.items():
            self.free[temperature, size][place] = left.timestamp()
            times = {"start": start, "ready": ready, "left": left, "collected": is_collected}
            self.lays.append(
                Lay(collection=number, temperature=temperature, size=sizes[temperature], door=size, **times)
            )
            self._deposit(start, offline=offline)
        if is_collected:
            self._visit(left, number, len(doors), offline=offline)

    def _size(self, temperature: str) -> str:
        """One for which the bank has doors, if only larger ones."""
        largest = max(SIZES.index(size) for kept, size in self.free if kept == temperature and self.free[kept, size])
        sizes = SIZES[: largest + 1]
        return self.random.choices(sizes, [SIZE_SHARES[size] for size in sizes])[0]

    def _free_door(self, temperature: str, size: str, start: datetime) -> tuple[str, int] | None:
        """The smallest that is free and large enough: its size and place."""
        for larger in SIZES[SIZES.index(size) :]:
            for place, free_from in enumerate(self.free.get((temperature, larger), [])):
                if free_from <= start.timestamp():
                    return larger, place
        return None

    def _end(self, ready: datetime, end: datetime) -> tuple[datetime, bool]:
        """When the goods leave, and whether with their resident."""
        left = ready + timedelta(hours=self.random.weibullvariate(STAY_H["scale"], STAY_H["shape"]))
        if NIGHT_H[0] <= left.hour < NIGHT_H[1]:
            left = left.replace(hour=NIGHT_H[1]) + timedelta(minutes=self.random.uniform(0, 180))
        if left < end:
            return left, True
        self.overdue.append(end)
        if self.random.random() < COMES_LATE:
            return end + timedelta(hours=self.random.uniform(0.2, 4)), True
        cleared = end.replace(hour=CLEARED_H) + timedelta(days=1)
        self.cleared.append(cleared)
        return cleared, False

    def _deposit(self, at: datetime, *, offline: bool) -> None:
        if self.random.random() < NO_ROOM:  # somebody's goods stood there longer than thought
            self._report("credential.rejected", at - timedelta(minutes=5), why="no_room")
        self._report("credential.accepted", at, purpose="deposit", offline=offline)
        self._open(at)

    def _visit(self, at: datetime, number: int, doors: int, *, offline: bool) -> None:
        """From the code to the last door, seen by the same numbers as the bank's own events."""
        legs = [10 * number + each for each in range(doors)]
        taken = at + timedelta(seconds=doors * self.random.uniform(*VISIT_SECONDS))
        self._report("credential.accepted", at, purpose="collect", reservation=number, legs=legs, offline=offline)
        for _door in legs:
            self._open(at)
        self._report("claim", taken, legs=legs)

    def _open(self, at: datetime) -> None:
        if self.random.random() < JAMS:
            self._report("door.opened", at, outcome="jammed")
        self._report("door.opened", at, outcome="opened")

    def _report(self, kind: str, at: datetime, **data) -> None:
        self.events.append(Happened(type=kind, at=at, data=data))
