"""What everybody may see of the collection points."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pickup.models import Point
from shops import hours
from shops.opening import week


@require_safe
def points(request):
    """Every place where residents can collect, with its hours and how to get in."""
    now = timezone.now()
    found = Point.objects.active().with_doors_counted().select_related("host_shop")
    found = found.prefetch_related("host_shop__closures")
    rows = [
        {
            "point": point,
            "is_open": hours.is_open(point.opening_hours, now),
            "never_closes": point.opening_hours == "24/7",
            "week": week(point),
        }
        for point in found
    ]
    return render(request, "pickup/points.html", {"rows": rows})
