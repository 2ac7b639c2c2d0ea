"""`manage.py reset_demo`: throw the demonstration away and fill a new one."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from marketplace.demo import preparing, resetting, seed
from marketplace.demo.processes import PortTaken, check_ports


class Command(BaseCommand):
    """Refuses on a live instance, and while the demonstration runs."""

    help = "Deletes everything of a demo instance and fills it with a fresh town."
    requires_system_checks = []

    def handle(self, *args, **options):
        try:
            check_ports([settings.PORT])
            resetting.reset()
            preparing.prepare(lambda text: self.stdout.write(f"[halles] {text}"))
        except (PortTaken, seed.NotADemo) as error:
            raise CommandError(str(error)) from error
