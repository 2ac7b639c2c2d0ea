"""Words of the operators' pages."""

from django import template

register = template.Library()


@register.filter
def person(user) -> str:
    """Who it was: the name, else the mail address; a dash for the machine, and for names that were forgotten."""
    if user is None:
        return "–"
    return user.get_full_name() or user.email
