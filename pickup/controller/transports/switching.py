"""Which transport speaks: MQTT while it is there, HTTPS from 30 seconds after it was lost, both sharing one outbox.

Both may deliver the same command or confirm the same event: neither is done twice.
"""

import threading

from ..bank import Bank
from .https import ServerLink, Sync
from .mqtt import MqttLine


class Transports:
    """All ways of one bank to its server, run and stopped together."""

    def __init__(self, bank: Bank) -> None:
        config = bank.config
        self.mqtt = MqttLine(bank, config.mqtt) if config.mqtt else None
        link = ServerLink(config.server, config.bank, config.device_secret)
        self.https = Sync(bank, link, self.mqtt.carries) if self.mqtt else Sync(bank, link)

    def run(self) -> None:
        """Go on until `stop`."""
        line = threading.Thread(target=self.mqtt.run, daemon=True) if self.mqtt else None
        if line:
            line.start()
        self.https.run()
        if line:
            line.join()

    def stop(self) -> None:
        """End `run` soon."""
        if self.mqtt:
            self.mqtt.stop()
        self.https.stop()
