"""System checks of the instance: run by every management command, so that a wrong installation says so at once."""

from django.core import checks
from django.db import DatabaseError

from shops.payments import instance


def _errors(problems: list[tuple[str, str]]) -> list[checks.Error]:
    return [checks.Error(text, id=f"payments.{code}") for code, text in problems]


@checks.register("payments")
def check_settings(app_configs, **kwargs):
    """Keys, addresses and installed apps agree with the mode."""
    return _errors(instance.settings_problems())


@checks.register(checks.Tags.database)
def check_row(app_configs, databases, **kwargs):
    """The database belongs to this mode; an unmigrated one has nothing to say yet."""
    if not databases:
        return []
    try:
        return _errors(instance.row_problems())
    except DatabaseError:
        return []
