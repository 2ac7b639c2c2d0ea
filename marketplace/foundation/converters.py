"""Path converters of our addresses."""

from django.urls.converters import IntConverter


class Key(IntConverter):
    """A row's key. Longer numbers fit no database, and an address with one leads nowhere."""

    regex = "[0-9]{1,18}"
