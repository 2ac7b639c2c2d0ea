"""A resident's code, read out by an operator: with a reason, kept, and only while goods wait."""

import pytest
from django.urls import reverse

from pickup import codes
from pickup.models import CodeReading
from pickup.operating import reading
from tests.pickup.makers import make_sheet, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def collection(bank):
    return ready(bank.point, (make_sheet(), 1))


def ask(client, collection, why="téléphone, nom et numéro vérifiés"):
    return client.post(reverse("pickup:read-code", args=[collection.pk]), {"why": why})


def timeline(client, collection) -> str:
    return client.get(reverse("pickup:timeline", args=[collection.pk])).content.decode()


def test_the_code_is_shown_once_and_the_order_tells_who_read_it(client, operator, collection):
    pin = codes.grouped(codes.collect_pin(collection))

    answer = ask(client, collection)

    assert pin in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    page = timeline(client, collection)
    assert "The code was read out" in page
    assert "ada@valmont.example, téléphone, nom et numéro vérifiés" in page
    assert pin not in page


@pytest.mark.parametrize("why", ["", " ", "x" * 41])
def test_without_a_reason_nothing_is_shown(client, operator, collection, why):
    answer = ask(client, collection, why=why)

    assert answer.status_code == 400
    assert codes.grouped(codes.collect_pin(collection)) not in answer.content.decode()
    assert not CodeReading.objects.exists()


def test_an_order_that_is_over_has_no_code_to_read(client, operator, collection):
    type(collection).objects.update(status="collected")

    answer = ask(client, collection)

    assert answer.status_code == 302
    assert not CodeReading.objects.exists()
    assert "Show the code" not in timeline(client, collection)


def test_nobody_reads_out_a_whole_bank(client, operator, collection, monkeypatch):
    monkeypatch.setattr(reading, "PER_HOUR", 2)

    answers = [ask(client, collection).status_code for _ in range(3)]

    assert answers == [200, 200, 302]
    assert CodeReading.objects.count() == 2
