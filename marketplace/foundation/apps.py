"""The foundation as a Django app."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """What every package stands on; imports nothing of ours."""

    name = "marketplace.foundation"
    label = "foundation"
