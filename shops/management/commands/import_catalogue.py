"""Import a catalogue file into a shop."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from shops.imports.catalogue import CREATED, EMPTY, UNCHANGED, UPDATED, Report, import_catalogue
from shops.imports.reading import Unreadable
from shops.models import Shop

ROWS_REFUSED, FILE_UNREADABLE = 1, 2


class Command(BaseCommand):
    """Exit code 0: all rows are in; 1: rows were refused; 2: the file cannot be read and nothing was changed."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="CSV, XLSX, ODS or XLS, with French or English column names")
        parser.add_argument("--shop", required=True, metavar="SLUG", help="the shop's address on the site")
        parser.add_argument("--dry-run", action="store_true", help="report what would be done and change nothing")

    def handle(self, *, file, shop, dry_run, **options):
        try:
            row = Shop.objects.get(slug=shop)
        except Shop.DoesNotExist as error:
            raise CommandError(f"There is no shop “{shop}”.", returncode=FILE_UNREADABLE) from error
        try:
            report = import_catalogue(row, file.read_bytes(), dry_run=dry_run)
        except (OSError, Unreadable) as error:
            raise CommandError(f"{file}: {error}", returncode=FILE_UNREADABLE) from error
        self.tell(report, dry_run=dry_run)
        if report.refused:
            sys.exit(ROWS_REFUSED)

    def tell(self, report: Report, *, dry_run: bool) -> None:
        """Every refused row with line, column and cause; then the sums."""
        for result in report.refused:
            for problem in result.problems:
                self.stderr.write(f"line {result.line}, column “{problem.column}”: {problem.text}")
        for column in report.ignored:
            self.stdout.write(f"Column “{column}” is not known and was left out.")
        counts = report.counts
        self.stdout.write(
            f"{'Dry run, nothing was changed: ' if dry_run else ''}"
            f"{counts[CREATED]} created, {counts[UPDATED]} updated, {counts[UNCHANGED]} unchanged, "
            f"{len(report.refused)} refused, {counts[EMPTY]} empty "
            f"({report.encoding}, separator {report.separator!r})."
        )
