"""The search as a Django app; Oscar owns the label "search"."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """One search over products, shops and pages."""

    name = "marketplace.search"
    label = "marketplace_search"

    def ready(self):
        from marketplace.search import receivers  # noqa: F401  keep the entries true
