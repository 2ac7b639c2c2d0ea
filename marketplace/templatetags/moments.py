"""Template words for time: days as people say them, and the window of a collection."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from shops import opening

register = template.Library()


@register.simple_tag
def window(starts_at: datetime, ends_at: datetime, *, spoken: bool = False) -> str:
    """When goods can be collected: "Wednesday 25 November, 19:00 to 20:00", or from one day until another.

    `spoken` says today and tomorrow, for pages that nobody keeps.
    """
    now = timezone.now() if spoken else None
    begins, ends = timezone.localtime(starts_at), timezone.localtime(ends_at)
    words = {
        "day": opening.day_name(begins, now=now),
        "from": time_format(begins, "H:i"),
        "endday": opening.day_name(ends, now=now),
        "until": time_format(ends, "H:i"),
    }
    if begins.date() == ends.date():
        return _("%(day)s, %(from)s to %(until)s") % words
    return _("%(day)s from %(from)s, until %(endday)s, %(until)s") % words


@register.simple_tag
def pause_end(until: datetime) -> str:
    """Until when a shop that pauses takes no orders, in the words of its desk."""
    end = timezone.localtime(until)
    if end.date() == timezone.localdate():
        return _("No new orders until %(time)s") % {"time": time_format(end, "H:i")}
    return _("No new orders until %(day)s, %(time)s") % {
        "day": opening.day_name(end, now=timezone.now()),
        "time": time_format(end, "H:i"),
    }
