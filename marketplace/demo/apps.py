"""The demonstration as a Django app, installed in demo mode only."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Fills an empty instance with the town of Valmont-sur-Loire and runs all its processes."""

    name = "marketplace.demo"
    label = "marketplace_demo"
