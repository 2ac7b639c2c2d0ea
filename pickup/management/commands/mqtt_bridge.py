"""`manage.py mqtt_bridge`: the server's end of the MQTT line, until it is told to stop. One process per installation."""

import signal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pickup.banks.bridge.broker import Broker, UnusableAddress
from pickup.banks.bridge.running import Bridge


class Command(BaseCommand):
    """Needs MQTT_URL; without it banks speak HTTPS alone and nothing is to be run."""

    help = "Carries reports of banks from the MQTT broker into the database, and commands to the banks."

    def handle(self, *args, **options):
        if not settings.MQTT_URL:
            raise CommandError("MQTT_URL is not set: banks speak HTTPS alone.")
        try:
            bridge = Bridge(Broker(settings.MQTT_URL, settings.MQTT_CA_FILE))
        except (UnusableAddress, OSError) as error:
            raise CommandError(str(error)) from error
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: bridge.stop())
        bridge.run()
