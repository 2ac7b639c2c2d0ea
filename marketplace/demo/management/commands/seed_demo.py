"""`manage.py seed_demo`: fill this instance with the invented town of Valmont-sur-Loire."""

from django.core.management.base import BaseCommand, CommandError

from marketplace.demo import seed


class Command(BaseCommand):
    """Adds what is missing; running it again changes nothing."""

    help = "Fills a demo instance with an invented town, its shops, goods, pages and orders."

    def handle(self, *args, **options):
        try:
            seed.seed(self.stdout.write)
        except seed.NotADemo as error:
            raise CommandError(str(error)) from error
