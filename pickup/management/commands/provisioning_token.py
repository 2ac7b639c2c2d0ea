"""`manage.py provisioning_token CODE`: the one-time token with which a computer becomes this bank."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from pickup.banks import provisioning
from pickup.models import Bank


class Command(BaseCommand):
    """The same token as on the operators' page."""

    help = "Shows a token, good once and for an hour; the bank's present identity ends when it is used."

    def add_arguments(self, parser):
        parser.add_argument("code", help="code of the bank")

    def handle(self, *args, code, **options):
        bank = Bank.objects.filter(code=code).first()
        if bank is None:
            raise CommandError(f"There is no bank {code}.")
        row, token = provisioning.new_token(bank, why="manage.py provisioning_token")
        until = timezone.localtime(row.expires_at)
        self.stderr.write(f"Good once, until {until:%H:%M}; the driver is that of your lock boards:")
        self.stdout.write(provisioning.command(token))
