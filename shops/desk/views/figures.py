"""The figures of the shop: a day, a week, a month, each beside the one before; as a page and as a file."""

from datetime import date, timedelta

from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from marketplace.foundation import plots
from marketplace.foundation.csv_files import csv_file
from shops import figures, unmet
from shops.figures import Period
from shops.permissions import Role, shop_staff

KINDS = {"jour": "day", "semaine": "week", "mois": "month"}
SEARCH_DAYS = 30
EARLIEST = date(2020, 1, 1)


@shop_staff(Role.MANAGER)
@require_GET
def figures_page(request, shop):
    """`periode` is jour, semaine or mois, `le` any day in it; `fichier` gives it as CSV."""
    now = timezone.now()
    word, period = _asked(request.GET)
    this, before = figures.summaries(shop, period, now=now)
    table, course, best = _table(this, before), figures.course(shop, period), figures.best_sold(shop, period)
    today = timezone.localdate()
    wanted = unmet.wanted(first=today - timedelta(days=SEARCH_DAYS), last=today)
    if "fichier" in request.GET:
        rows = _file(period, table, course, best, wanted)
        return csv_file(rows, f"{shop.slug}-{period.first}-{period.last}", marked=True)
    context = {
        "shop": shop,
        "section": "figures",
        "word": word,
        "words": [("jour", _("Day")), ("semaine", _("Week")), ("mois", _("Month"))],
        "period": period,
        "before": period.before.first if period.before.first >= EARLIEST else None,
        "after": period.after.first if period.after.first <= today else None,
        "table": table,
        "course": [(_place(place), number, euros) for place, number, euros in course if number or period.kind != "day"],
        "plot": _plot(course),
        "best": best,
        "wanted": wanted,
        "search_days": SEARCH_DAYS,
    }
    return render(request, "shops/desk/figures.html", context)


def _asked(fields) -> tuple[str, Period]:
    word = fields.get("periode", "")
    word = word if word in KINDS else "semaine"
    today = timezone.localdate()
    try:
        day = date.fromisoformat(fields.get("le", ""))
    except ValueError:
        day = today
    return word, Period.around(KINDS[word], min(max(day, EARLIEST), today))


def _table(this: figures.Summary, before: figures.Summary) -> list[tuple[str, str, str]]:
    """(name, value, value before)."""
    return [
        (_("Orders"), str(this.orders), str(before.orders)),
        (_("Turnover, VAT included"), _euros(this.turnover), _euros(before.turnover)),
        (_("Refunded"), _euros(this.refunded), _euros(before.refunded)),
        (_("Orders refused"), str(this.refused), str(before.refused)),
        (_("Orders given in part"), str(this.reduced), str(before.reduced)),
        (_("Packed in time"), _kept(this), _kept(before)),
    ]


def _kept(summary: figures.Summary) -> str:
    if summary.kept_share is None:
        return "–"
    words = {"share": summary.kept_share, "kept": summary.kept, "promised": summary.promised}
    return _("%(share)s %% (%(kept)s of %(promised)s)") % words


def _euros(amount) -> str:
    return f"{number_format(amount, 2)} €"


def _place(place: date | int) -> str:
    return date_format(place, "D j M") if isinstance(place, date) else f"{place:02}:00"


def _plot(course):
    bars = [
        plots.Bar(label=str(place.day) if isinstance(place, date) else f"{place}", values=(number,))
        for place, number, _euros in course
    ]
    return plots.columns(bars, title=_("Orders"))


def _file(period: Period, table, course, best, wanted):
    yield [_("From"), period.first.isoformat(), _("to"), period.last.isoformat()]
    yield ["", _("This time"), _("Before")]
    yield from (list(row) for row in table)
    yield [_("When"), _("Orders"), _("Turnover, VAT included")]
    for place, number, euros in course:
        yield [place.isoformat() if isinstance(place, date) else f"{place:02}:00", str(number), number_format(euros, 2)]
    yield [_("Sold most"), _("Pieces")]
    yield from ([title, str(pieces)] for title, pieces in best)
    yield [_("Searched and not found"), _("How often")]
    yield from ([words, str(times)] for words, times in wanted)
