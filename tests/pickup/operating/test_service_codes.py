"""A service code can be withdrawn before its end: listed with who has it, refused by the bank with its next list."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pickup.models import ServiceCode
from pickup.operating import acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def code(bank, operator):
    return acting.give_code(bank, why="pump", by=operator)[0]


def read(client, bank) -> str:
    return client.get(reverse("pickup:service-code", args=[bank.pk])).content.decode()


def test_a_withdrawn_code_is_named_in_the_next_list_until_its_end(client, colleague, bank, device, code):
    before = device.authlist()

    client.post(reverse("pickup:revoke-code", args=[code.pk]))

    after = device.authlist()
    assert (before.revoked, after.revoked) == ((), (code.jti,))
    assert after.list_seq == before.list_seq + 1
    ServiceCode.objects.update(expires_at=timezone.now())
    assert device.authlist().revoked == ()


def test_the_list_says_who_withdrew_it_and_offers_it_no_more(client, operator, bank, code):
    address = reverse("pickup:revoke-code", args=[code.pk])
    before = read(client, bank)

    client.post(address)

    code.refresh_from_db()
    assert code.revoked_by == operator
    assert address in before
    after = read(client, bank)
    assert address not in after
    assert "by ada@valmont.example" in after


def test_only_a_code_that_runs_is_withdrawn_and_the_first_name_stays(operator, colleague, bank, code):
    acting.revoke_code(code, by=operator)
    over = acting.give_code(bank, why="over", by=operator)[0]
    ServiceCode.objects.filter(pk=over.pk).update(expires_at=timezone.now() - timedelta(minutes=1))

    done = [acting.revoke_code(each, by=colleague) for each in (code, over)]

    assert done == [False, False]
    assert list(ServiceCode.objects.order_by("pk").values_list("revoked_by", flat=True)) == [operator.pk, None]


def test_a_code_that_was_shown_at_the_bank_is_marked(client, operator, bank, device, code):
    before = read(client, bank)
    device.sync(device.event("service.entered", jti=code.jti, holder=operator.pk, leg=None))

    assert "not used so far" in before
    assert "not used so far" not in read(client, bank)
