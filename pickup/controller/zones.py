"""The cold behind the doors: one probe for each zone, a log of quarters of an hour, and what follows when it is too warm.

A minute is judged by the mean of its readings. A minute without readings is not in order: nobody can say that the goods
were cold. What has not been in order for half an hour is an excursion, also when the program was not running (that pause
is measured as soon as the clock is sure): the compartments of the zone are quarantined, and the food in them is not handed
out any more. Five minutes in order end the excursion; what was blocked stays so until somebody decides, empty
compartments are used again.

Temperatures of food: arrêtés of 21 December 2009 and 8 October 2013; recording of frozen food: Regulation (EC) 37/2005.
"""

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pickup.protocol.messages import ZoneState
from pickup.protocol.vocabulary import EventType, Service, Temperature

from .config import ZonePlan

if TYPE_CHECKING:
    from .bank import Bank

SAMPLE_SECONDS = 10.0
MINUTE_SECONDS = 60.0
RECORD_SECONDS = 15 * 60.0
MINUTES_TO_END = 5
OK_FACT = "zones_ok_at"
EXCURSIONS_FACT = "zone_excursions"


@dataclass
class Watch:
    """What is known about one zone. Moments are those of the monotonic clock, unless they say otherwise."""

    plan: ZonePlan
    ok_at: float
    """When it was last known to be in order."""
    ok_before_start: float | None = None
    """The same in the last start of the program, in seconds since 1970 UTC; None once it has been judged."""
    excursion_at: float | None = None
    """Since when it had not been in order, while an excursion lasts."""
    c: float | None = None
    """Mean of the last minute."""
    minutes_ok: int = 0
    sample_at: float = 0.0
    """When the next reading is taken."""
    minute: list[float] = field(default_factory=list)
    minute_ends: float = 0.0
    record: list[float] = field(default_factory=list)
    record_ends: float = 0.0
    extremes: list[float] = field(default_factory=list)
    """Lowest and highest minute of the excursion."""

    @property
    def ok(self) -> bool:
        """Say whether the zone is known to be in its band, and no excursion lasts."""
        return self.c is not None and self.plan.holds(self.c) and self.excursion_at is None


class Zones:
    """The zones of one bank."""

    def __init__(self, bank: "Bank", plans: Iterable[ZonePlan]) -> None:
        self.bank = bank
        self.journal = bank.journal
        self.clock = bank.clock
        self._watches: list[Watch] = []
        self._zone_of: dict[str, Watch] = {}
        self._plans = tuple(plans)
        self._started_at = 0.0

    def start(self) -> None:
        """Take up the watch where the last start of the program left it."""
        ok_at, excursions = self.journal.fact(OK_FACT, {}), self.journal.fact(EXCURSIONS_FACT, {})
        now, mono = self.clock.timestamp(), self.clock.mono()
        self._started_at = mono
        self._watches.clear()
        for plan in self._plans:
            watch = Watch(plan, ok_at=mono, ok_before_start=ok_at.get(plan.id))
            watch.minute_ends, watch.record_ends = mono, mono + RECORD_SECONDS
            if plan.id in excursions:
                watch.excursion_at = mono - max(0.0, now - excursions[plan.id])
            self._watches.append(watch)
            for box in self.bank.config.compartments:
                if box.temperature is plan.temperature:
                    self._zone_of[box.id] = watch

    def ok(self, compartment: str) -> bool:
        """Say whether goods may be put here: its zone is known to be in its band, or nobody watches it."""
        watch = self._zone_of.get(compartment)
        return watch is None or watch.ok

    def states(self) -> tuple[ZoneState, ...]:
        """Return the zones for the snapshot."""
        return tuple(
            ZoneState(id=watch.plan.id, temperature=watch.plan.temperature, c=_rounded(watch.c), ok=watch.ok)
            for watch in self._watches
        )

    def take(self, temperatures: Mapping[str, float]) -> None:
        """Take what the probes say now, every ten seconds, and draw the conclusions that are due."""
        mono = self.clock.mono()
        for watch in self._watches:
            reading = temperatures.get(watch.plan.probe)
            if reading is not None and mono >= watch.sample_at:
                watch.sample_at = mono + SAMPLE_SECONDS
                watch.minute.append(reading)
                watch.record.append(reading)
            first = watch.c is None and watch.minute
            if first or mono >= watch.minute_ends:
                self._judge_minute(watch)
                watch.minute_ends = mono + MINUTE_SECONDS
            if mono >= watch.record_ends:
                self._write_record(watch)
                watch.record_ends = mono + RECORD_SECONDS

    def _judge_minute(self, watch: Watch) -> None:
        watch.c = statistics.fmean(watch.minute) if watch.minute else None
        watch.minute.clear()
        now = self.clock.mono()
        good = watch.c is not None and watch.plan.holds(watch.c)
        bad_seconds = max(now - watch.ok_at, self._pause_before_start(watch))
        watch.minutes_ok = watch.minutes_ok + 1 if good else 0
        if watch.excursion_at is not None:
            watch.extremes = [*watch.extremes, watch.c] if watch.c is not None else watch.extremes
            watch.extremes = [min(watch.extremes), max(watch.extremes)] if watch.extremes else []
            if watch.minutes_ok >= MINUTES_TO_END:
                self._end_excursion(watch, now)
        elif bad_seconds >= watch.plan.excursion_seconds:
            self._start_excursion(watch, bad_seconds)
        if good and watch.excursion_at is None:
            self._note_ok(watch, now)

    def _pause_before_start(self, watch: Watch) -> float:
        """Return how long nobody watched before this start: 0 until the clock is sure, and once it has been counted."""
        if watch.ok_before_start is None or not self.clock.is_sure():
            return 0.0
        started = self.clock.timestamp() - (self.clock.mono() - self._started_at)
        pause, watch.ok_before_start = started - watch.ok_before_start, None
        if watch.ok_at == self._started_at:
            watch.ok_at -= max(0.0, pause)  # not in order since the start either: it is one and the same time
        return pause

    def _note_ok(self, watch: Watch, now: float) -> None:
        watch.ok_at = now
        self.journal.remember(OK_FACT, {each.plan.id: self._last_ok(each) for each in self._watches})

    def _last_ok(self, watch: Watch) -> float:
        is_of_before = watch.ok_at == self._started_at and watch.ok_before_start is not None
        return watch.ok_before_start if is_of_before else self._timestamp(watch.ok_at)

    def _timestamp(self, moment: float) -> float:
        return self.clock.timestamp() - (self.clock.mono() - moment)

    def _start_excursion(self, watch: Watch, seconds: float) -> None:
        watch.excursion_at = self.clock.mono() - seconds
        watch.minutes_ok = 0
        watch.extremes = [] if watch.c is None else [watch.c]
        with self.journal.transaction():
            self._keep_excursions()
            self.journal.emit(
                EventType.ZONE_EXCURSION_STARTED,
                **_name(watch),
                c=_rounded(watch.c),
                seconds=int(seconds),
            )
            taken = self.bank.legs.taken_compartments()
            for compartment in self._compartments_of(watch):
                self.bank.wall.take_out(compartment, Service.QUARANTINED, "temp")
                if compartment in taken and watch.plan.temperature is not Temperature.AMBIENT:
                    self.bank.legs.blocked.add(taken[compartment])

    def _end_excursion(self, watch: Watch, now: float) -> None:
        began, watch.excursion_at = watch.excursion_at, None
        extremes = watch.extremes or [None, None]
        with self.journal.transaction():
            self._keep_excursions()
            self.journal.emit(
                EventType.ZONE_EXCURSION_ENDED,
                **_name(watch),
                c=_rounded(watch.c),
                min=_rounded(extremes[0]),
                max=_rounded(extremes[-1]),
                seconds=int(now - began),
            )
            taken = self.bank.legs.taken_compartments()
            for compartment in self._compartments_of(watch):
                if self.bank.wall.fitness(compartment).why == "temp" and compartment not in taken:
                    self.bank.wall.put_back(compartment, "temp")

    def _write_record(self, watch: Watch) -> None:
        record = watch.record
        self.journal.emit(
            EventType.ZONE_TEMPERATURE,
            **_name(watch),
            c=_rounded(record[-1] if record else None),
            min=_rounded(min(record, default=None)),
            max=_rounded(max(record, default=None)),
            n=len(record),
        )
        record.clear()

    def _keep_excursions(self) -> None:
        lasting = [each for each in self._watches if each.excursion_at is not None]
        self.journal.remember(EXCURSIONS_FACT, {each.plan.id: self._timestamp(each.excursion_at) for each in lasting})

    def _compartments_of(self, watch: Watch) -> list[str]:
        return [compartment for compartment, each in self._zone_of.items() if each is watch]


def _name(watch: Watch) -> dict:
    return {"zone": watch.plan.id, "class": watch.plan.temperature}


def _rounded(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, 1)
