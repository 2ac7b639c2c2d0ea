"""`manage.py run_demo`: the whole town on this machine, until Ctrl-C."""

from django.core.management.base import BaseCommand, CommandError

from marketplace.demo import runner, seed
from marketplace.demo.processes import PortTaken, ProgramDied


class Command(BaseCommand):
    """Prepares the database and the town when needed, then runs all processes."""

    help = "Runs the demonstration: web site, worker, timetable and the locker banks."
    requires_system_checks = []  # the web process checks; before the first migration there is nothing to check

    def handle(self, *args, **options):
        try:
            runner.run(self._say)
        except (PortTaken, ProgramDied, seed.NotADemo) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self._say("stopped before the town was ready")

    def _say(self, text: str) -> None:
        self.stdout.write(f"[halles] {text}")
        self.stdout.flush()
