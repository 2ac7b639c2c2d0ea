"""The order's timeline for operators: what was reported is answered there, and the log of the cold is at hand."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from pickup import collections
from pickup.collections import cold
from pickup.models import Problem
from tests.factories import make_user
from tests.pickup.makers import make_sheet, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client):
    person = make_user(is_staff=True)
    client.force_login(person)
    return person


@pytest.fixture
def collection(bank):
    return ready(bank.point, (make_sheet(temperature="chilled"), 1))


@pytest.fixture
def problem(collection):
    return collections.report_problem(collection, kind="something_missing", note="<b>No cheese</b>")


def test_an_operator_answers_on_the_timeline(client, operator, problem):
    page = client.get(reverse("pickup:timeline", args=[problem.collection_id])).content.decode()
    answer = reverse("pickup:answer-problem", args=[problem.pk])

    response = client.post(answer, {"answer": "We refund it."}, follow=True)

    assert answer in page
    assert "&lt;b&gt;No cheese" in page
    problem.refresh_from_db()
    assert (problem.answer, problem.answered_by, problem.status) == ("We refund it.", operator, "answered")
    assert answer not in response.content.decode()


@pytest.mark.parametrize("text", ["", "   ", "x" * 501, "a\0b"])
def test_an_answer_needs_words(client, operator, problem, text):
    client.post(reverse("pickup:answer-problem", args=[problem.pk]), {"answer": text})

    assert Problem.objects.get().status == "open"


def test_the_first_answer_stays(client, operator, problem):
    collections.answer_problem(problem, answer="First.", by=None)

    client.post(reverse("pickup:answer-problem", args=[problem.pk]), {"answer": "Second."})

    assert Problem.objects.get().answer == "First."


@pytest.mark.parametrize("signed_in", [True, False])
def test_nobody_else_answers_or_reads(client, problem, collection, signed_in):
    if signed_in:
        client.force_login(make_user())
    answer = reverse("pickup:answer-problem", args=[problem.pk])
    log = reverse("pickup:leg-cold", args=[collection.legs.get().pk])

    statuses = [client.post(answer, {"answer": "Mine."}).status_code, client.get(log).status_code]

    assert statuses == ([404, 404] if signed_in else [302, 302])
    assert Problem.objects.get().status == "open"


def test_the_log_of_a_cold_leg_is_summed_up_and_downloaded(client, operator, bank, collection):
    cold.record(
        bank.zones.get(temperature="chilled"),
        at=timezone.now() + timedelta(minutes=10),
        coldest=Decimal("2.5"),
        warmest=Decimal("4.5"),
        count=90,
    )
    leg = collection.legs.get()

    page = client.get(reverse("pickup:timeline", args=[collection.pk])).content.decode()
    response = client.get(reverse("pickup:leg-cold", args=[leg.pk]))

    assert "de 2,5 à 4,5 °C" in page
    assert response["Content-Disposition"] == f'attachment; filename="{collection.order.number}-chilled.csv"'
    assert response.getvalue().decode().splitlines()[1].endswith(";2,5;4,5;90")


def test_ambient_goods_have_no_log_to_download(client, operator, bank):
    leg = ready(bank.point, (make_sheet(), 1)).legs.get()

    assert client.get(reverse("pickup:leg-cold", args=[leg.pk])).status_code == 404
