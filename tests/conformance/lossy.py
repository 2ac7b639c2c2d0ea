"""A line and a clock with faults, between a bank's controller and the server's views."""

from datetime import timedelta

from django.test import Client

from pickup.controller.transports.https import Unreachable
from pickup.protocol import messages
from tests.protocol.kit import VirtualTicker

FATES = ["arrives", "request lost", "answer lost", "arrives twice"]


class Ticker(VirtualTicker):
    """The bank's clocks: they run with the town's, a little fast or slow, and the date may be wrong."""

    def __init__(self, began, fault, drift):
        super().__init__()
        self.began, self.fault, self.drift = began, fault, drift

    def wall(self):
        return self.began + self.fault + timedelta(seconds=self.mono())

    def mono(self):
        return self.seconds * (1 + self.drift)


class Cable:
    """Carries requests to the server's views with the fate that the machine chose."""

    def __init__(self, config):
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {config.device_secret}", messages.BANK_HEADER: config.bank}
        self.fate = "arrives"
        self.sent = []

    def sync(self, document):
        if self.fate == "request lost":
            raise Unreachable("lost")
        self.sent.append(document)
        answers = [self.post(document) for _ in range(2 if self.fate == "arrives twice" else 1)]
        assert answers[-1].status_code == 200, answers[-1].content
        if self.fate == "answer lost":
            raise Unreachable("lost")
        return answers[-1].json()

    def post(self, document):
        return self.client.post(messages.SYNC_PATH, document, content_type="application/json", headers=self.headers)

    def authlist(self, etag):
        headers = {**self.headers, "If-None-Match": f'"{etag}"'} if etag else self.headers
        answer = self.client.get(messages.AUTHLIST_PATH, headers=headers)
        return None if answer.status_code == 304 else answer.json()
