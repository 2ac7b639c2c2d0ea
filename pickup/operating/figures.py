"""The figures of a bank for the operators' page: what `pickup.kpi` computed at night, in words, plots and rows of a file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from marketplace.foundation import plots
from pickup import kpi
from pickup.models import Bank, BankDay, Refusal
from pickup.models.device import Size
from shops.models import Temperature

DAYS = 28
FEW_ORDERS = 30
DAYS_OF_A_MONTH = Decimal("30.44")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number with its name and what it tells; `value` is a dash while there is nothing to measure."""

    name: str
    value: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Plot:
    """A drawing and the same numbers as a table; `colours` says what its parts are when it has several."""

    title: str
    drawing: SafeString
    head: list[str]
    rows: list[list[str]]
    colours: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Page:
    """All of it. `days` until `last_on`; 0: no night has computed anything yet; `is_thin`: too few orders to build on."""

    days: int
    last_on: date | None
    is_thin: bool
    figures: list[Figure]
    plots: list[Plot]


def page(bank: Bank, now: datetime) -> Page:
    """The last four weeks of a bank."""
    rows = kpi.latest(bank, DAYS)
    summary = kpi.summary(rows)
    if not rows:
        return Page(days=0, last_on=None, is_thin=True, figures=[], plots=[])
    return Page(
        days=summary.days,
        last_on=rows[0].day,
        is_thin=summary.accepted < FEW_ORDERS,
        figures=_figures(bank, rows, summary),
        plots=[_orders(rows), _classes(summary), _waits(summary), *_refusals(bank, now)],
    )


def rows_of_days(bank: Bank) -> Iterator[list[str]]:
    """Every day of the bank, oldest first, as rows of a file: the names of the columns are those of the table."""
    names = [field.name for field in BankDay._meta.concrete_fields if field.name not in ("id", "bank", "classes")]
    yield names
    for row in BankDay.objects.filter(bank=bank).order_by("day").iterator():
        yield ["" if (value := getattr(row, name)) is None else str(value) for name in names]


def cost_per_collection(bank: Bank, rows: list[BankDay]) -> Decimal | None:
    """The monthly cost shared out among what was collected in these days; None without a cost or a collection."""
    collected = sum(row.collected for row in rows)
    if bank.monthly_cost is None or not collected:
        return None
    return (bank.monthly_cost * len(rows) / DAYS_OF_A_MONTH / collected).quantize(Decimal("0.01"))


def _figures(bank: Bank, rows: list[BankDay], summary: kpi.Figures) -> list[Figure]:
    cost = cost_per_collection(bank, rows)
    said = [
        (_("Orders accepted"), str(summary.accepted), _("with goods for this bank")),
        (_("Refused for lack of room"), str(summary.refused), _("the same basket at the same place counts once")),
        (
            _("Accepted, of what foresight could"),
            _percent(summary.share_of_bound),
            _("100 %: nobody who knew the future could have taken more orders"),
        ),
        (
            _("Displaced"),
            _per_mille(summary.displaced),
            _("deposits that found no free compartment though one was promised"),
        ),
        (_("To a counter instead"), _percent(summary.to_counter), _("orders promised here and handed out elsewhere")),
        (_("Openings that failed"), _per_mille(summary.openings_failed), _("the door did not open at the attempt")),
        (_("Codes accepted offline"), _percent(summary.codes_offline), _("the bank opened without asking the server")),
        (
            _("A visit"),
            "–" if summary.visit_seconds is None else _("%(number)s s") % {"number": summary.visit_seconds},
            _("median from code to the last door shut"),
        ),
        (_("Not collected in time"), _percent(summary.no_shows), _("of the orders that were ready")),
        (
            _("Cost per collection"),
            "–" if cost is None else _("%(amount)s €") % {"amount": number_format(cost, 2)},
            _("of the monthly cost that is entered with the bank; a dash until one is"),
        ),
    ]
    return [Figure(name=name, value=value, meaning=meaning) for name, value, meaning in said]


def _orders(rows: list[BankDay]) -> Plot:
    days = list(reversed(rows))
    title = _("Orders by day")
    bars = [plots.Bar(label=date_format(row.day, "j/n"), values=(row.accepted, row.refused)) for row in days]
    return Plot(
        title=title,
        drawing=plots.columns(bars, title=title),
        head=[_("Day"), _("Accepted"), _("Refused")],
        rows=[[date_format(row.day, "SHORT_DATE_FORMAT"), str(row.accepted), str(row.refused)] for row in days],
        colours=[_("Accepted"), _("Refused")],
    )


def _classes(summary: kpi.Figures) -> Plot:
    order = {(temperature, size): place for place, (temperature, size) in enumerate(_all_classes())}
    classes = sorted(summary.classes, key=lambda each: order[each.temperature, each.size])
    title = _("How full each kind of compartment was")
    bars = [
        plots.Bar(label=f"{each.size}\n{Temperature(each.temperature).label[:3]}.", values=(_hundred(each.used),))
        for each in classes
    ]
    return Plot(
        title=title,
        drawing=plots.columns(bars, title=title, highest=100, unit=" %"),
        head=[_("Compartment"), _("Occupied"), _("Hours in service")],
        rows=[
            [
                f"{Temperature(each.temperature).label}, {Size(each.size).label}",
                _percent(each.used),
                number_format(each.in_service_h, 0),
            ]
            for each in classes
        ],
    )


def _waits(summary: kpi.Figures) -> Plot:
    title = _("Collected within so many hours after being ready")
    shares = [("5 h", summary.within_5h), ("12 h", summary.within_12h), ("24 h", summary.within_24h)]
    bars = [plots.Bar(label=label, values=(_hundred(share),)) for label, share in shares]
    return Plot(
        title=title,
        drawing=plots.columns(bars, title=title, highest=100, unit=" %"),
        head=[_("Within"), _("Share")],
        rows=[[label, _percent(share)] for label, share in shares],
    )


def _refusals(bank: Bank, now: datetime) -> list[Plot]:
    """By reason; nothing when nobody was refused."""
    counted = (
        Refusal.objects.lost()
        .filter(point=bank.point_id, at__gte=now - timedelta(days=DAYS))
        .values_list("code")
        .annotate(number=Count("pk"))
        .order_by("-number", "code")
    )
    rows = [(str(Refusal.Code(code).label), number) for code, number in counted]
    if not rows:
        return []
    title = _("Why orders were refused")
    bars = [plots.Bar(label=str(place), values=(number,)) for place, (_code, number) in enumerate(rows, start=1)]
    return [
        Plot(
            title=title,
            drawing=plots.columns(bars, title=title),
            head=[_("Reason"), _("Times")],
            rows=[[f"{place}. {words}", str(number)] for place, (words, number) in enumerate(rows, start=1)],
        )
    ]


def _all_classes() -> list[tuple[str, str]]:
    return [(temperature, size) for temperature in Temperature for size in Size]


def _hundred(share: float | None) -> float | None:
    return None if share is None else share * 100


def _percent(share: float | None) -> str:
    return "–" if share is None else _("%(number)s %%") % {"number": number_format(share * 100, 1)}


def _per_mille(share: float | None) -> str:
    return "–" if share is None else _("%(number)s ‰") % {"number": number_format(share * 1000, 1)}
