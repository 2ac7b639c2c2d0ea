"""Prove that stock, outcomes of orders, Stripe and ledger agree to the cent; exits with 1 and a table when they do not."""

from itertools import chain

from django.core.management.base import BaseCommand, CommandError

from shops.payments import books, errors


class Command(BaseCommand):
    """Compare, print, and fail on any difference."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--offline", action="store_true", help="compare our own tables only")

    def handle(self, *, offline: bool, **options):
        payments = list(books.payments_to_compare())
        of_money = (books.own_differences(payment) for payment in payments)
        found = list(chain(books.stock_differences(), books.outcome_differences(), *of_money))
        if not offline:
            try:
                found += chain.from_iterable(books.stripe_differences(payment) for payment in payments)
                found += books.balance_differences(payments)
            except errors.GatewayError as error:
                raise CommandError(f"Stripe gave no answer, so the books are not proven: {error}") from error
        under_way = sum(books.is_under_way(payment) for payment in payments)
        if found:
            self._print(found)
            raise CommandError(f"The books do not agree: {len(found)} differences in {len(payments)} payments.")
        self.stdout.write(f"The books agree: {len(payments)} payments, {under_way} with calls under way.")

    def _print(self, found: list[books.Difference]) -> None:
        rows = [("where", "what", "ours", "theirs"), *((d.where, d.what, str(d.ours), str(d.theirs)) for d in found)]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        for row in rows:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
