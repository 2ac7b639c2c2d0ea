"""The bank's record, watched from the server: nothing that was reported can disappear unseen."""

import pytest
from django.utils import timezone

from pickup.banks import seals
from pickup.models import BankEvent
from pickup.models.event import Kept
from pickup.protocol import envelope
from pickup.protocol.envelope import DEVICE_KID as KID
from pickup.protocol.vocabulary import EventType

pytestmark = pytest.mark.django_db
KEY = envelope.read_private_key(envelope.new_private_key())


def seal(bank, n, before=None, *, digest="aa", key=KEY, **changes):
    """What a bank reports every hour."""
    content = {"bank": bank.code, "n": n, "hash": digest, "at": envelope.to_text(timezone.now())}
    signed = envelope.sign(content, key, KID)
    return {
        "n": n,
        "hash": digest,
        "sealed_at": content["at"],
        "sig": signed["sig"],
        "key": envelope.public_text(key),
        "before": before,
        **changes,
    }


def problems(bank, device, *reported):
    device.sync(*(device.event(EventType.AUDIT_SEALED, **each) for each in reported))
    return list(BankEvent.objects.filter(type=EventType.AUDIT_SEALED).order_by("seq").values_list("problem", flat=True))


def test_seals_that_follow_each_other_are_kept_without_a_word(bank, device):
    found = problems(
        bank,
        device,
        seal(bank, 10, digest="aa"),
        seal(bank, 25, {"n": 10, "hash": "aa"}, digest="bb"),
        seal(bank, 30, {"n": 25, "hash": "bb"}, digest="cc"),
    )

    assert found == ["", "", ""]


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ({"n": 8, "before": {"n": 5, "hash": "00"}}, "no longer has the row 10"),
        ({"n": 40, "before": {"n": 10, "hash": "ee"}}, "no longer has the row 10"),
        ({"n": 40, "before": {"n": 10, "hash": None}}, "no longer has the row 10"),
        ({"n": 40, "before": None}, "no longer has the row 10"),
        (
            {"n": 40, "before": {"n": 10, "hash": "aa"}, "key": envelope.read_private_key(envelope.new_private_key())},
            "another key",
        ),
        ({"n": 40, "before": {"n": 10, "hash": "aa"}, "sig": "AAAA"}, "not signed"),
    ],
)
def test_a_record_that_lost_its_tail_or_its_key_is_reported(bank, device, second, words):
    found = problems(bank, device, seal(bank, 10), seal(bank, **second))

    assert found[0] == ""
    assert words in found[1]


@pytest.mark.parametrize("data", [{}, {"n": "x"}, {"n": 1, "hash": "a", "sealed_at": 3, "key": "AA", "sig": []}])
def test_nonsense_for_a_seal_is_a_fault_and_no_crash(bank, device, data):
    assert "not signed" in problems(bank, device, data)[0]


def test_a_fault_is_told_once(bank, device):
    found = problems(
        bank, device, seal(bank, 10), seal(bank, 8, digest="bb"), seal(bank, 9, {"n": 8, "hash": "bb"}, digest="cc")
    )

    assert [bool(each) for each in found] == [False, True, False]


def test_what_a_bank_reported_is_neither_changed_nor_dropped(bank, device):
    device.sync(device.event("door.closed", compartment="C1"))
    event = BankEvent.objects.get()
    event.data = {}

    for act in (event.save, event.delete, BankEvent.objects.all().delete, lambda: event.save(update_fields=["data"])):
        with pytest.raises(Kept):
            act()

    assert BankEvent.objects.get().data == {"compartment": "C1"}
    assert seals.fault(bank, BankEvent.objects.get()) is not None
