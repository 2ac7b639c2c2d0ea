"""How cold it was: the log of a zone, and of one order's chilled or frozen goods, to read and to hand over."""

from datetime import timedelta

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from marketplace.foundation.csv_files import csv_file
from pickup import collections
from pickup.models import Leg, Zone
from pickup.operating import coldness
from pickup.operating.rights import operators_only
from pickup.views.files import month_bounds, months_before

SHOWN = timedelta(hours=48)


@operators_only
@require_safe
def zone_page(request, pk):
    """The last two days of one zone, and its times out of band."""
    zone, now = _zone(pk), timezone.now()
    context = {
        "zone": zone,
        "bank": zone.bank,
        "plot": coldness.plot(zone, since=now - SHOWN),
        "excursions": zone.excursions.all()[:20],
        "months": months_before(timezone.localtime(now)),
    }
    return render(request, "pickup/operating/zone.html", context)


@operators_only
@require_safe
def zone_month(request, pk, year, month):
    """Every quarter of an hour of one month as CSV."""
    zone, (first, after) = _zone(pk), month_bounds(year, month)
    records = zone.records.filter(at__gte=first, at__lt=after).iterator()
    return csv_file(coldness.rows(records), f"{zone.bank.code}-{zone.temperature}-{year}-{month:02}")


@operators_only
@require_safe
def leg_log(request, pk):
    """How cold the goods of one order were from the deposit until they left, as CSV."""
    leg = get_object_or_404(Leg.objects.select_related("collection__order"), pk=pk)
    log = collections.cold_log(leg)
    if log is None:
        raise Http404
    return csv_file(coldness.rows(log.records), f"{leg.collection.order.number}-{leg.temperature}")


def _zone(pk: int) -> Zone:
    return get_object_or_404(Zone.objects.select_related("bank__point"), pk=pk)
