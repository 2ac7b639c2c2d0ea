"""`manage.py rotate_keys signing|secret|pins`: change secrets of the lockers (docs/operating.md, Changing keys)."""

from django.core.management.base import BaseCommand, CommandError

from pickup.banks import rotating
from pickup.models import Bank


class Command(BaseCommand):
    """The signing key is changed in two steps: announce it, and use it when the banks know it."""

    help = "Changes the signing key of the server, the device secret of a bank, or the key of a bank's codes."

    def add_arguments(self, parser):
        parser.add_argument("what", choices=["signing", "secret", "pins"])
        parser.add_argument("bank", nargs="?", help="code of the bank, for secret and pins")
        parser.add_argument("--force", action="store_true", help="use the announced key although banks do not know it")

    def handle(self, *args, what, bank, force, **options):
        if what == "signing":
            self._signing(force=force)
            return
        found = Bank.objects.filter(code=bank).first()
        if found is None:
            raise CommandError(f"There is no bank {bank}.")
        if what == "secret":
            rotating.change_device_secret(found)
            self.stdout.write(f"Bank {found.code} changes its secret with its next contact.")
        else:
            told = rotating.change_pin_key(found)
            numbers = ", ".join(collection.order.number for collection in told) or "none"
            self.stdout.write(f"Bank {found.code} has a new key. Orders with new codes: {numbers}.")

    def _signing(self, *, force: bool) -> None:
        try:
            used = rotating.use_announced_key(force=force)
        except rotating.NotYet as error:
            raise CommandError(f"{error} Run this again later, or with --force.") from error
        if used:
            self.stdout.write(f"Key {used.kid} signs from now on.")
        else:
            announced = rotating.announce_signing_key()
            self.stdout.write(f"Key {announced.kid} is announced. Run this again when the banks have heard of it.")
