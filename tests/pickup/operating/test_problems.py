"""The residents' messages: who waits longest stands first, and is answered on the spot."""

from datetime import timedelta

import pytest
from django.urls import reverse

from pickup import collections
from pickup.models import Problem
from tests.pickup.makers import make_bank, make_sheet, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    """Somebody reports something about goods behind a door of a bank with many."""
    bank = make_bank(*["S"] * 8, name="Consigne de la gare")

    def reported(kind="something_missing", *, hours_ago: float = 0, note: str = "") -> Problem:
        collection = ready(bank.point, (make_sheet(), 1))
        problem = collections.report_problem(collection, kind=kind, leg=collection.legs.get(), note=note)
        problem.reported_at -= timedelta(hours=hours_ago)
        problem.answer_by -= timedelta(hours=hours_ago)
        problem.save()
        return problem

    return reported


def read(client, name: str = "problems") -> str:
    return client.get(reverse(f"pickup:{name}")).content.decode()


def test_whoever_was_promised_the_first_answer_stands_first(client, operator, report):
    later, sooner = report(hours_ago=1), report(hours_ago=3, note="<i>No bread</i>")

    page = read(client)

    places = [page.index(f'id="problem-{problem.pk}"') for problem in (sooner, later)]
    assert places == sorted(places)
    assert "Reported 3\xa0hours ago." in page
    assert "Consigne de la gare" in page
    assert sooner.compartment.label in page
    assert "&lt;i&gt;No bread" in page
    assert "late:" not in page


def test_a_broken_promise_is_shown_on_the_list_and_on_the_overview(client, operator, report):
    report(hours_ago=30)

    assert "late: an answer was promised by" in read(client)
    assert "1 resident was promised an answer by now." in read(client, "wall")


def test_an_answer_given_on_the_list_is_sent_and_moves_below(client, operator, report):
    problem = report()

    response = client.post(reverse("pickup:answer-problem", args=[problem.pk]), {"answer": "We bring it."}, follow=True)

    problem.refresh_from_db()
    assert (problem.status, problem.answer, problem.answered_by) == ("answered", "We bring it.", operator)
    assert response.redirect_chain == [(reverse("pickup:problems"), 302)]
    page = response.content.decode()
    assert "Nobody waits for an answer." in page
    assert "We bring it." in page


def test_an_answer_that_cannot_be_sent_stays_in_its_box(client, operator, report):
    problem, other = report(), report()
    text = "x" * 501

    response = client.post(reverse("pickup:answer-problem", args=[problem.pk]), {"answer": text})

    assert response.status_code == 400
    assert response.content.decode().count(text) == 1
    assert Problem.objects.open().count() == 2
    assert f'id="problem-{other.pk}"' in response.content.decode()


def test_every_page_says_how_many_wait(client, operator, report):
    report(), report()
    collections.answer_problem(report(), answer="Done.", by=operator)

    counted = [">2<span" in read(client, name) for name in ("wall", "alarms", "search")]

    assert counted == [True] * 3


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_asks_as_often_for_any_number(client, operator, report, django_assert_num_queries, many):
    for _each in range(many):
        report()
        collections.answer_problem(report(), answer="Done.", by=operator)

    with django_assert_num_queries(7):
        read(client)
