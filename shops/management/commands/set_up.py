"""`manage.py set_up live`: say once and for ever whether this database belongs to a demonstration or moves real money."""

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from shops.models import Instance
from shops.payments import instance


class Command(BaseCommand):
    """The first command after the first migration of a live instance."""

    help = "Writes the mode of this instance. It can never be changed."
    requires_system_checks = []  # they refuse an instance that was not set up

    def add_arguments(self, parser):
        parser.add_argument("mode", choices=Instance.Mode.values)

    def handle(self, *args, mode, **options):
        try:
            instance.set_up(mode)
            instance.verify()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"This is a {mode} instance.")
