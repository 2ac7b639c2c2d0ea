"""The foundation as a Django app."""

from django.apps import AppConfig
from django.urls import register_converter


class FoundationConfig(AppConfig):
    """What every package stands on; imports nothing of ours."""

    name = "marketplace.foundation"
    label = "foundation"

    def ready(self):
        from marketplace.foundation.converters import Key

        register_converter(Key, "key")
