"""The days of a bank as figures to show: ratios are made here, from sums of counts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pickup.models import Bank, BankDay


@dataclass(frozen=True, kw_only=True)
class ClassUse:
    """The doors of one temperature and size: how much of their time in service they held goods, 0 to 1."""

    temperature: str
    size: str
    occupied_h: float
    in_service_h: float

    @property
    def used(self) -> float | None:
        return _share(self.occupied_h, self.in_service_h)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Some days of one bank together. Shares are 0 to 1, per mille too; None where nothing happened to measure.

    `share_of_bound`: accepted orders over what a planner with foreknowledge could have accepted, in the days of the newest
    row's bound.
    """

    days: int
    accepted: int
    refused: int
    share_of_bound: float | None
    classes: list[ClassUse]
    displaced: float | None
    to_counter: float | None
    upsized: float | None
    openings_failed: float | None
    codes_offline: float | None
    visit_seconds: int | None
    within_5h: float | None
    within_12h: float | None
    within_24h: float | None
    no_shows: float | None


def latest(bank: Bank, days: int = 28) -> list[BankDay]:
    """The newest `days` rows of a bank, newest first. One query."""
    return list(BankDay.objects.filter(bank=bank).order_by("-day")[:days])


def summary(rows: Iterable[BankDay]) -> Figures:
    """Rows of one bank, newest first, added up. The visit is the median day's median."""
    rows = list(rows)
    total = {name: sum(getattr(row, name) for row in rows) for name in _COUNTS}
    seconds = sorted(row.visit_seconds for row in rows if row.visit_seconds is not None)
    return Figures(
        days=len(rows),
        accepted=total["accepted"],
        refused=total["refused"],
        share_of_bound=_share(rows[0].period_accepted, float(rows[0].period_bound)) if rows else None,
        classes=_classes(rows),
        displaced=_share(total["displaced"], total["legs"] + total["displaced"]),
        to_counter=_share(total["to_counter"], total["accepted"]),
        upsized=_share(total["upsized"], total["legs"]),
        openings_failed=_share(total["openings_failed"], total["openings"]),
        codes_offline=_share(total["codes_accepted_offline"], total["codes_accepted"]),
        visit_seconds=seconds[len(seconds) // 2] if seconds else None,
        within_5h=_share(total["within_5h"], total["collected"]),
        within_12h=_share(total["within_12h"], total["collected"]),
        within_24h=_share(total["within_24h"], total["collected"]),
        no_shows=_share(total["no_shows"], total["collected"] + total["no_shows"]),
    )


_COUNTS = [
    "accepted",
    "refused",
    "legs",
    "upsized",
    "displaced",
    "to_counter",
    "openings",
    "openings_failed",
    "codes_accepted",
    "codes_accepted_offline",
    "collected",
    "within_5h",
    "within_12h",
    "within_24h",
    "no_shows",
]


def _classes(rows: list[BankDay]) -> list[ClassUse]:
    hours: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for entry in (entry for row in rows for entry in row.classes):
        added = hours[entry["temperature"], entry["size"]]
        added[0] += entry["occupied_h"]
        added[1] += entry["in_service_h"]
    return [
        ClassUse(temperature=temperature, size=size, occupied_h=occupied, in_service_h=in_service)
        for (temperature, size), (occupied, in_service) in hours.items()
    ]


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
