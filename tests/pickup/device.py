"""The wire side of a bank: it signs in, reports and believes only what the server signed."""

import json
from itertools import count

from django.test import Client
from django.utils import timezone

from pickup.banks import keys
from pickup.models import Bank, Parcel
from pickup.protocol import authlist, envelope
from pickup.protocol.authlist import AuthList
from pickup.protocol.messages import Clock, CompartmentState, Event, Response, Snapshot, SyncReply, SyncRequest
from pickup.protocol.vocabulary import Door, Outcome, Phase, Service
from tests.pickup.makers import SECRET


class Device:
    """Speaks TLP/1 for one bank; every answer is verified with the server's public keys."""

    def __init__(self, bank: Bank, *, secret: str = SECRET, boot_id: int = 1):
        self.bank, self.secret, self.boot_id = bank, secret, boot_id
        self.client = Client(enforce_csrf_checks=True)
        self.seq = count(1)
        self.clock_synced = True
        self.list_etag: str | None = None

    def event(self, kind: str, /, *, seq: int | None = None, boot_id: int | None = None, **data) -> Event:
        """An event with the next number."""
        return Event(
            seq=seq or next(self.seq),
            boot_id=boot_id or self.boot_id,
            type=kind,
            at=timezone.now(),
            mono_ms=0,
            data=data,
        )

    def outcome(self, command: dict, outcome: Outcome) -> Response:
        """The final answer to a command."""
        return Response(
            seq=next(self.seq),
            boot_id=self.boot_id,
            at=timezone.now(),
            mono_ms=0,
            message_id=command["message_id"],
            command_id=command["command_id"],
            phase=Phase.FINAL,
            outcome=outcome,
            duplicate=False,
            detail={},
        )

    def post(self, *events: Event, responses=(), snapshot: Snapshot | None = None, **headers):
        """The raw HTTP answer to a sync."""
        request = SyncRequest(
            bank=self.bank.code,
            boot_id=self.boot_id,
            clock=Clock(synced=self.clock_synced, offset_ms=0, uncertainty_ms=10),
            list_etag=self.list_etag,
            snapshot=snapshot,
            events=events,
            responses=tuple(responses),
        )
        return self.send(json.dumps(request.as_document()), **headers)

    def send(self, body: str, **headers):
        """Any body to the sync address."""
        return self.client.post("/tlp/1/sync", body, content_type="application/json", headers=self.headers | headers)

    def sync(self, *events: Event, **more) -> SyncReply:
        """A sync that succeeds, with the reply's signature checked."""
        response = self.post(*events, **more)
        assert response.status_code == 200, response.content
        return SyncReply.read(response.json(), self.public_keys, self.bank.code)

    def authlist(self) -> AuthList:
        """The authorisation list, with its signature checked."""
        response = self.client.get("/tlp/1/authlist", headers=self.headers)
        assert response.status_code == 200, response.content
        return authlist.verify(response.json(), self.public_keys, self.bank.code)

    @property
    def headers(self) -> dict:
        return {"Authorization": f"Bearer {self.secret}", "X-Bank": self.bank.code}

    @property
    def public_keys(self):
        return envelope.read_public_keys(keys.public_keys())


def snapshot_of(**doors: tuple[str, str]) -> Snapshot:
    """A snapshot: label -> (door, service)."""
    return Snapshot(
        fw="test 1",
        pin_channel="open",
        compartments=tuple(
            CompartmentState(id=label, door=Door(door), svc=Service(service), why=None, leg=None, ir=None)
            for label, (door, service) in doors.items()
        ),
    )


def deposited(device: Device, parcel: Parcel, compartment: str = "C1", **fields):
    """The event that a shop confirmed its deposit."""
    return device.event(
        "deposit.confirmed",
        reservation=parcel.leg.collection.number,
        leg=parcel.leg_id,
        shop=parcel.shop_order.shop_id,
        compartment=compartment,
        verified=True,
        deposited=1,
        expected=1,
        **fields,
    )
