"""The composition root as a Django app: here the packages that must not know each other are introduced."""

from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    """Knows every package."""

    name = "marketplace"

    def ready(self):
        from marketplace import oscar_changes  # noqa: F401  registers its checks
        from marketplace.checkout import labels
        from pickup import bag_codes, codes, collections
        from pickup import hooks as pickup_hooks
        from shops.desk import hooks

        hooks.deposit_codes = codes.deposit_codes
        hooks.whereabouts = collections.whereabouts
        hooks.doors = collections.doors_for
        hooks.order_of_code = bag_codes.order_of_code
        hooks.counters = labels.counters
        hooks.promise = labels.promise
        pickup_hooks.people = labels.people
