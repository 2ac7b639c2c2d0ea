"""The temperature of a zone for the operators' pages: hour by hour as a plot, quarter by quarter as a file."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from marketplace.foundation import plots
from pickup.models import Zone, ZoneRecord
from pickup.operating.figures import Plot


def plot(zone: Zone, *, since: datetime) -> Plot | None:
    """From the coldest to the warmest reading of each hour; None when nothing was read."""
    hours: dict[datetime, list[ZoneRecord]] = defaultdict(list)
    for record in zone.records.filter(at__gt=since, count__gt=0):
        hours[timezone.localtime(record.at).replace(minute=0, second=0, microsecond=0)].append(record)
    if not hours:
        return None
    title = _("Coldest and warmest reading of each hour, in °C")
    spans = [
        (hour, float(min(each.min_c for each in records)), float(max(each.max_c for each in records)))
        for hour, records in sorted(hours.items())
    ]
    return Plot(
        title=title,
        drawing=plots.spans([(date_format(hour, "D H:i"), low, high) for hour, low, high in spans], title=title),
        head=[_("Hour"), _("Coldest"), _("Warmest")],
        rows=[
            [date_format(hour, "SHORT_DATETIME_FORMAT"), number_format(low, 1), number_format(high, 1)]
            for hour, low, high in spans
        ],
    )


def rows(records: Iterable[ZoneRecord]) -> Iterator[list[str]]:
    """Quarters of an hour as rows of a file, in °C and town time; empty cells where the probe could not be read."""
    yield [_("Until"), _("Coldest"), _("Warmest"), _("Readings")]
    for record in records:
        moment = timezone.localtime(record.at).isoformat(timespec="seconds")
        degrees = ["" if each is None else number_format(each, 1) for each in (record.min_c, record.max_c)]
        yield [moment, *degrees, str(record.count)]
