"""The filter `date` of Django's templates, with the first of a month as French says it. A builtin of every template."""

from django import template
from django.template import defaultfilters

from marketplace.foundation import days

register = template.Library()


@register.filter(expects_localtime=True, is_safe=False)
def date(value, pattern=None):
    """As Django's own filter."""
    if not hasattr(value, "day"):
        return defaultfilters.date(value, pattern)
    return days.written(value, pattern or "DATE_FORMAT")
