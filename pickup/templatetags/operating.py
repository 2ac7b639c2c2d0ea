"""Words of the operators' pages."""

from django import template

from pickup.models import Problem

register = template.Library()


@register.simple_tag
def waiting_problems() -> int:
    """How many residents wait for an answer."""
    return Problem.objects.open().count()


@register.filter
def person(user) -> str:
    """Who it was: the name, else the mail address; a dash for the machine, and for names that were forgotten."""
    if user is None:
        return "–"
    return user.get_full_name() or user.email
