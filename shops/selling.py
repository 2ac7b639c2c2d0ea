"""In words: on which days a product can be collected, how long its shop needs, when it comes back."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shops import opening
from shops.models import ProductSheet

HOUR, DAY = 60, 24 * 60  # minutes


def conditions(sheet: ProductSheet) -> list[str]:
    """What a resident has to know before choosing a time: the days, and a long preparation. Empty for most products."""
    found = []
    if len(sheet.days) < 7:
        found.append(_("Collected on %(days)s only.") % {"days": days_in_words(sheet.days)})
    if sheet.lead_minutes and sheet.lead_minutes > sheet.shop.lead_minutes:
        found.append(_("Ready %(time)s after your order.") % {"time": duration(sheet.lead_minutes)})
    return found


def days_in_words(days: Iterable[int]) -> str:
    """ "Friday and Saturday"."""
    names = [str(WEEKDAYS[day]) for day in sorted(days)]
    return get_text_list(names, _("and"))


def duration(minutes: int) -> str:
    """Minutes as people say them: "2 days", "3 hours", "45 minutes"; the first unit that they fill exactly."""
    if minutes and minutes % DAY == 0:
        return ngettext("%(count)s day", "%(count)s days", minutes // DAY) % {"count": minutes // DAY}
    if minutes and minutes % HOUR == 0:
        return ngettext("%(count)s hour", "%(count)s hours", minutes // HOUR) % {"count": minutes // HOUR}
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def sold_out(sheet: ProductSheet) -> str:
    """That nothing is left of a product, and when it comes back by itself; "" when something is left."""
    if sheet.left:
        return ""
    if sheet.back_at is None:
        return _("“%(product)s” is sold out at the moment.") % {"product": sheet.title}
    return _("“%(product)s” is sold out for today. It can be ordered again from %(moment)s.") % {
        "product": sheet.title,
        "moment": moment_in_words(sheet.back_at),
    }


def moment_in_words(moment: datetime) -> str:
    """A moment to come, as people say it: "today, 19:30"."""
    moment = timezone.localtime(moment)
    day = opening.day_name(moment, now=timezone.now())
    return _("%(day)s, %(time)s") % {"day": day, "time": time_format(moment, "H:i")}


def common_days(sheets: Iterable[ProductSheet]) -> frozenset[int]:
    """The weekdays on which all of these can be collected."""
    return frozenset(range(7)).intersection(*(sheet.days for sheet in sheets))


def no_common_day(goods: Iterable[tuple[str, frozenset[int]]]) -> str:
    """Why goods (title, days) cannot be ordered together: two that are never collected on the same day."""
    limited = sorted({(title, days) for title, days in goods if len(days) < 7}, key=lambda each: each[0])
    for title, days in limited:
        for other, others in limited:
            if not days & others:
                words = {"one": title, "days": days_in_words(days), "two": other, "others": days_in_words(others)}
                return (
                    _(
                        "“%(one)s” can be collected on %(days)s only, “%(two)s” on %(others)s only: please order them apart."
                    )
                    % words
                )
    titles = get_text_list([f"“{title}”" for title, _days in limited], _("and"))
    return _("There is no day on which %(products)s can be collected together: please order them apart.") % {
        "products": titles
    }
