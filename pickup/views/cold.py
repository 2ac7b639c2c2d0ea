"""How cold it was: the log of a zone, and of one order's chilled or frozen goods, to read and to hand over."""

from datetime import datetime, timedelta

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pickup import collections
from pickup.models import Leg, Zone
from pickup.operating import coldness
from pickup.operating.rights import operators_only
from pickup.views.files import csv_lines, months_before

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
    zone, here = _zone(pk), timezone.get_current_timezone()
    try:
        first = datetime(year, month, 1, tzinfo=here)
        after = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=here)
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    rows = coldness.rows(zone, first, after)
    response = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    name = f"{zone.bank.code}-{zone.temperature}-{year}-{month:02}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@operators_only
@require_safe
def leg_log(request, pk):
    """How cold the goods of one order were from the deposit until they left, as CSV."""
    leg = get_object_or_404(Leg.objects.select_related("collection__order"), pk=pk)
    log = collections.cold_log(leg)
    if log is None:
        raise Http404
    response = HttpResponse(collections.as_csv(log), content_type="text/csv; charset=utf-8")
    name = f"{leg.collection.order.number}-{leg.temperature}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _zone(pk: int) -> Zone:
    return get_object_or_404(Zone.objects.select_related("bank__point"), pk=pk)
