"""EVERYTHING we change in Oscar, on one page, with the system checks that tell when an upgrade moved the ground.

No Oscar app is forked and no table altered. A class of ours stands in for one of Oscar's through
`OSCAR_DYNAMIC_CLASS_LOADER`. Code of ours imports our classes from their own place; importing Oscar's original by its
path would bypass the table (ruff TID251). Oscar's own pages and dashboards are not mounted: its shop needs a search
server, and its dashboard shows every shop's lines and cancels whole orders behind our books.
"""

from importlib import import_module

from django.core import checks
from django.utils.module_loading import import_string
from oscar.apps.analytics.apps import AnalyticsConfig
from oscar.core import loading

REPLACED = {
    # (Oscar's module, class): our class
    ("partner.strategy", "Selector"): "shops.pricing.Selector",
}


def load_classes(module_label, classnames, module_prefix="oscar.apps"):
    """Oscar's class loader with our table in front."""
    classes = loading.default_class_loader(module_label, classnames, module_prefix)
    return [
        import_string(REPLACED[module_label, name]) if (module_label, name) in REPLACED else found
        for name, found in zip(classnames, classes, strict=True)
    ]


class QuietAnalytics(AnalyticsConfig):
    """Oscar's analytics record who looked at what; we do not follow people, so the receivers stay away."""

    def ready(self):
        pass


class NoThumbnails:
    """Product photos have their renditions made at upload (shops.photos); Oscar's templates never need a thumbnailer."""

    def generate_thumbnail(self, source, **opts):
        return source

    def delete_thumbnails(self, source):
        """There are none."""


@checks.register()
def oscar_still_has_what_we_replace(app_configs, **kwargs):
    """An upgrade of Oscar that drops or renames a replaced class fails here, not silently in a price."""
    errors = []
    for (module, name), ours in REPLACED.items():
        try:
            original = getattr(import_module(f"oscar.apps.{module}"), name, None)
        except ImportError:
            original = None
        if original is None:
            errors.append(
                checks.Error(f"Oscar no longer has {module}.{name}, which {ours} replaces.", id="halles.E001")
            )
    return errors


@checks.register(checks.Tags.database)
def sqlite_takes_the_lock_first(app_configs, databases=None, **kwargs):
    """SQLite without IMMEDIATE transactions loses buyers to "database is locked"."""
    from django.db import connections

    return [
        checks.Error(f"Database {alias}: SQLite must run with transaction_mode IMMEDIATE.", id="halles.E002")
        for alias in databases or []
        if connections[alias].vendor == "sqlite"
        and connections[alias].settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE"
    ]
