"""Write the search index anew, after rows were written past the market's own functions."""

from django.core.management.base import BaseCommand

from marketplace.search import index


class Command(BaseCommand):
    """`manage.py rebuild_search`"""

    help = "Write the search index anew."

    def handle(self, *args, **options):
        self.stdout.write(f"{index.rebuild()} entries")
