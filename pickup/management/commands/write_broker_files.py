"""`manage.py write_broker_files FOLDER`: who may enter the broker, and which topics are whose, from the living identities."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pickup.banks import mosquitto
from pickup.management.commands.provision_bank import write_private
from pickup.models import BankIdentity


class Command(BaseCommand):
    """Run it after each provisioning, then let Mosquitto read them again (SIGHUP): it ends the lines of former identities."""

    help = "Writes the files `passwords` and `acl` for Mosquitto."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *args, folder, **options):
        address = urlsplit(settings.MQTT_URL)
        if not address.username or not address.password:
            raise CommandError("MQTT_URL must name the user and the password of the bridge.")
        bridge, password = unquote(address.username), unquote(address.password)
        identities = BankIdentity.objects.live().exclude(mqtt_hash="").select_related("bank").order_by("pk")
        passwords = [f"{bridge}:{_kept_hash(folder, bridge, password) or mosquitto.hashed(password)}\n"]
        rules = [mosquitto.bridge_rules(bridge)]
        for identity in identities:
            passwords.append(f"{identity.mqtt_user}:{identity.mqtt_hash}\n")
            rules.append(mosquitto.bank_rules(identity.mqtt_user, identity.bank.code))
        write_private(folder / "acl", "\n".join(rules))
        write_private(folder / "passwords", "".join(passwords))
        self.stdout.write(f"{folder} holds the bridge and {len(identities)} banks.")


def _kept_hash(folder: Path, user: str, password: str) -> str:
    """The hash that the folder holds already, if it is still right: what did not change is written as it was."""
    try:
        lines = (folder / "passwords").read_text().splitlines()
    except FileNotFoundError:
        return ""
    known = (line.removeprefix(f"{user}:") for line in lines if line.startswith(f"{user}:"))
    return next((each for each in known if mosquitto.matches(password, each)), "")
