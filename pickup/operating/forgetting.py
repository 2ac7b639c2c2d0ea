"""How long the records are kept: evidence for 18 months, names of people for 12 (docs/operating.md)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from marketplace.foundation.lifecycle import StateChange
from pickup.models import (
    Alarm,
    BankCommand,
    BankEvent,
    CodeReading,
    EmptyDoor,
    OpeningRequest,
    PaperList,
    ProvisioningToken,
    Refusal,
    Round,
    RoundCheck,
    ServiceCode,
)
from pickup.models.event import KEPT_FOR

KEEP_NAMES = timedelta(days=365)
OURS = [model._meta.label_lower for model in (Alarm, OpeningRequest)]


@transaction.atomic
def forget_old(now: datetime | None = None) -> int:
    """Delete records older than 18 months, take the names out of those older than 12; the number deleted.

    An alarm that stands, an event that waits to be applied and a round that is under way stay.
    """
    now = now or timezone.now()
    old, nameless = now - KEPT_FOR, now - KEEP_NAMES
    BankCommand.objects.filter(issued_at__lt=nameless).update(by=None)
    OpeningRequest.objects.filter(asked_at__lt=nameless).update(asked_by=None, answered_by=None)
    Alarm.objects.filter(raised_at__lt=nameless).update(seen_by=None)
    Round.objects.filter(begun_at__lt=nameless).update(begun_by=None)
    RoundCheck.objects.filter(at__lt=nameless).update(by=None)
    ServiceCode.objects.filter(given_at__lt=nameless).update(by=None, revoked_by=None)
    ProvisioningToken.objects.filter(given_at__lt=nameless).update(by=None)
    CodeReading.objects.filter(at__lt=nameless).update(by=None)
    EmptyDoor.objects.filter(at__lt=nameless).update(by=None)
    PaperList.objects.filter(at__lt=nameless).update(by=None)
    StateChange.objects.filter(model__in=OURS, at__lt=nameless).update(by=None)
    rows = [
        OpeningRequest.objects.filter(asked_at__lt=old),
        BankCommand.objects.filter(issued_at__lt=old, request=None),
        Alarm.objects.filter(status=Alarm.Status.CLOSED, closed_at__lt=old),
        Round.objects.filter(begun_at__lt=old).exclude(ended_at=None),
        ServiceCode.objects.filter(given_at__lt=old),
        ProvisioningToken.objects.filter(given_at__lt=old),
        CodeReading.objects.filter(at__lt=old),
        EmptyDoor.objects.filter(at__lt=old),
        PaperList.objects.filter(at__lt=old),
        StateChange.objects.filter(model__in=OURS, at__lt=old),
        Refusal.objects.filter(at__lt=old),
    ]
    return BankEvent.objects.forget_old(now) + sum(found.delete()[0] for found in rows)
