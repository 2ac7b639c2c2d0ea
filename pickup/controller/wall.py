"""The compartments: which are fit for use, and which is the smallest free one that fits."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pickup.protocol.configs import Compartment
from pickup.protocol.vocabulary import Door, EventType, Service, Size, Temperature

from .doors import Doors
from .journal import Journal

SIZES = list(Size)
SEVERITY = [Service.IN_SERVICE, Service.DRAINING, Service.QUARANTINED, Service.OUT_OF_SERVICE]
HARDWARE_FAULTS = {"jam", "left_open", "intrusion", "sensor"}


@dataclass(frozen=True)
class Fitness:
    """The service axis of one compartment."""

    svc: Service
    why: str | None
    cycled: bool
    """Somebody on site saw it open and close since it was taken out of service."""


IN_SERVICE = Fitness(Service.IN_SERVICE, None, False)


class Wall:
    """The static plan of the bank, with what the journal knows about each box."""

    def __init__(self, compartments: Iterable[Compartment], doors: Doors, journal: Journal) -> None:
        self.compartments = {compartment.id: compartment for compartment in compartments}
        self.doors = doors
        self.journal = journal
        self.zone_ok: Callable[[str], bool] = lambda compartment: True
        """Says whether it is cold enough behind the door."""

    def fitness(self, compartment: str) -> Fitness:
        """Return the service state; `in_service` when nothing is written down."""
        row = self.journal.db.execute("SELECT * FROM compartments WHERE id = ?", (compartment,)).fetchone()
        return Fitness(Service(row["svc"]), row["why"], bool(row["cycled"])) if row else IN_SERVICE

    def take_out(self, compartment: str, svc: Service, why: str) -> None:
        """Take a compartment out of use and tell the server; a lesser fault never hides a graver one."""
        now = self.fitness(compartment)
        if _weight(svc, why) <= _weight(now.svc, now.why):
            return
        with self.journal.transaction():
            self._write(compartment, Fitness(svc, why, False))
            self.journal.emit(EventType.COMPARTMENT_SERVICE, compartment=compartment, state=svc, why=why)

    def set_service(self, compartment: str, svc: Service, why: str | None) -> bool:
        """Do what the operator orders. False when a hardware fault first needs somebody on site."""
        now = self.fitness(compartment)
        if svc is Service.IN_SERVICE and now.why in HARDWARE_FAULTS and not now.cycled:
            return False
        with self.journal.transaction():
            self._write(compartment, Fitness(svc, None if svc is Service.IN_SERVICE else why, False))
        return True

    def put_back(self, compartment: str, why: str = "inspected") -> None:
        """Somebody on site found it in order, or the cold came back: it is used again, and the server hears of it."""
        with self.journal.transaction():
            self._write(compartment, IN_SERVICE)
            self.journal.emit(EventType.COMPARTMENT_SERVICE, compartment=compartment, state=Service.IN_SERVICE, why=why)

    def distrusts(self, compartment: str) -> bool:
        """Say whether the door's sensor is out of service."""
        return self.fitness(compartment).why == "sensor"

    def saw_cycle(self, compartment: str) -> None:
        """Remember that a faulty door was seen to open and close."""
        now = self.fitness(compartment)
        if now.svc is not Service.IN_SERVICE:
            self._write(compartment, Fitness(now.svc, now.why, True))

    def smallest_free(
        self,
        *,
        temperature: Temperature,
        size: Size,
        low: bool,
        taken: Iterable[str],
        larger_than: Size | None = None,
        low_wanted: int = 0,
    ) -> str | None:
        """Return the smallest free compartment of a temperature that fits, or None.

        Boxes of the same size are taken from the top, and the low ones last, for those who need them. While no more low
        boxes are free than people still wait for (`low_wanted`), a larger box is taken rather than a low one.
        `larger_than` excludes a size and all smaller ones.
        """
        fitting = [
            box
            for box in self._free(temperature, low, taken)
            if SIZES.index(box.size) >= SIZES.index(size)
            and (larger_than is None or SIZES.index(box.size) > SIZES.index(larger_than))
        ]
        scarce = not low and sum(box.low for box in fitting) <= low_wanted
        best = min(fitting, key=lambda box: (scarce and box.low, *_preference(box)), default=None)
        return best.id if best else None

    def largest_free(self, *, temperature: Temperature, low: bool, taken: Iterable[str]) -> str | None:
        """Return the largest free compartment of a temperature, whatever its size, or None."""
        free = self._free(temperature, low, taken)
        best = min(free, key=lambda box: (-SIZES.index(box.size), *_preference(box)), default=None)
        return best.id if best else None

    def _free(self, temperature: Temperature, low: bool, taken: Iterable[str]) -> list[Compartment]:
        taken = set(taken)
        return [
            box
            for box in self.compartments.values()
            if box.temperature is temperature and (box.low or not low) and box.id not in taken and self.usable(box.id)
        ]

    def usable(self, compartment: str) -> bool:
        """Say whether a new leg may be put here: in service, known to be closed, still, opened when last asked, and cold
        enough."""
        return (
            self.fitness(compartment).svc is Service.IN_SERVICE
            and self.doors.state(compartment) is Door.CLOSED
            and not self.doors.busy(compartment)
            and not self.doors.failing(compartment)
            and self.zone_ok(compartment)
        )

    def _write(self, compartment: str, fitness: Fitness) -> None:
        self.journal.db.execute(
            "INSERT OR REPLACE INTO compartments VALUES (?, ?, ?, ?)",
            (compartment, fitness.svc, fitness.why, fitness.cycled),
        )


def _weight(svc: Service, why: str | None) -> tuple:
    return (SEVERITY.index(svc), why in HARDWARE_FAULTS)


def _preference(box: Compartment) -> tuple:
    return (SIZES.index(box.size), box.low, box.side, box.column, box.row)
