"""What residents do themselves while their goods wait."""

import re
from datetime import timedelta

import pytest

from pickup.models import Collection, Extension, Problem, Share
from tests.checkout.test_code_page import address
from tests.pickup.makers import confirmed, make_bank, make_sheet, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting():
    return ready(make_bank("M", "M").point, (make_sheet(), 1))


def test_what_is_ready_can_be_had_at_once_whatever_window_was_chosen(client, waiting):
    coming = confirmed(make_bank("M").point, (make_sheet(), 1))

    assert "Dès maintenant, jusqu’à" in client.get(address(waiting)).text
    assert "Dès maintenant" not in client.get(address(coming)).text


def test_more_time_is_offered_with_its_end_and_given_with_one_tap(client, waiting):
    page = client.get(address(waiting)).text
    assert "J’ai besoin de plus de temps" in page

    answer = client.post(address(waiting, "prolonger/"), follow=True)

    before = waiting.ends_at
    waiting.refresh_from_db()
    assert waiting.ends_at == before + timedelta(days=1)
    assert "Vos articles vous attendent jusqu’au" in answer.text


def test_no_more_time_for_food_that_does_not_keep_and_the_page_does_not_offer_it(client):
    chilled = ready(make_bank("M chilled", "M chilled").point, (make_sheet(temperature="chilled"), 1))
    before = chilled.ends_at

    assert "J’ai besoin de plus de temps" not in client.get(address(chilled)).text
    answer = client.post(address(chilled, "prolonger/"), follow=True)

    chilled.refresh_from_db()
    assert chilled.ends_at == before
    assert Extension.objects.count() == 0
    assert "notice-error" in answer.text


def test_somebody_who_is_sent_gets_a_page_with_another_code_and_nothing_of_the_order(client, waiting):
    mine = re.search(r"data-pin>(\d{4} \d{4})<", client.get(address(waiting)).text)[1]

    page = client.post(address(waiting, "partager/"), {"name": "Voisine"}, follow=True).text
    theirs = re.search(r'<strong class="spoken-code">(\d{4} \d{4})<', page)[1]
    link = re.search(r'href="(/commande/partage/[^"]+)"', page)[1]
    seen = client.get(link)

    assert theirs != mine
    assert theirs in seen.text
    assert "Voisine, des articles attendent ici" in seen.text
    assert mine not in seen.text
    assert waiting.order.number not in seen.text
    assert waiting.order.lines.get().title not in seen.text
    assert "no-store" in seen["Cache-Control"]
    assert seen["X-Robots-Tag"] == "noindex"


def test_a_withdrawn_code_is_shown_to_nobody_and_another_person_can_be_sent(client, waiting):
    client.post(address(waiting, "partager/"), {"name": "Voisine"})
    link = re.search(r'href="(/commande/partage/[^"]+)"', client.get(address(waiting)).text)[1]

    client.post(address(waiting, "reprendre-le-code/"))
    client.post(address(waiting, "partager/"), {"name": "Voisin"})

    assert "Ce code n’ouvre plus rien" in client.get(link).text
    assert not re.search(r"\d{4} \d{4}", client.get(link).text)
    assert list(waiting.shares.active().values_list("name", flat=True)) == ["Voisin"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "a\x00b"])
def test_a_share_without_a_sensible_name_is_refused_in_words(client, waiting, name):
    page = client.post(address(waiting, "partager/"), {"name": name}, follow=True).text

    assert Share.objects.count() == 0
    assert "Écrivez qui" in page or "notice-error" in page


def test_a_second_share_is_refused_while_the_first_holds(client, waiting):
    for name in ("Voisine", "Voisin"):
        client.post(address(waiting, "partager/"), {"name": name})

    assert list(Share.objects.values_list("name", flat=True)) == ["Voisine"]


@pytest.mark.parametrize("spoil", [lambda link: link[:-2] + "/", lambda link: link.replace("partage/", "partage/0")])
def test_a_share_link_cannot_be_guessed_from_another(client, waiting, spoil):
    client.post(address(waiting, "partager/"), {"name": "Voisine"})
    link = re.search(r'href="(/commande/partage/[^"]+)"', client.get(address(waiting)).text)[1]

    assert client.get(link).status_code == 200
    assert client.get(spoil(link)).status_code == 404


def test_a_problem_is_kept_with_door_and_words_and_the_page_says_when_a_person_answers(client, waiting):
    leg = waiting.legs.get()

    page = client.post(
        address(waiting, "aide/"), {"kind": "door_did_not_open", "leg": leg.pk, "note": "Elle a cliqué."}, follow=True
    ).text

    problem = Problem.objects.get()
    assert (problem.kind, problem.leg, problem.note) == ("door_did_not_open", leg, "Elle a cliqué.")
    assert "Une personne vous écrit avant le" in page


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"kind": "nonsense"},
        {"kind": "damaged", "leg": "999999"},
        {"kind": "damaged", "note": "x" * 501},
        {"kind": ["damaged"], "leg": "1 OR 1"},
    ],
)
def test_nonsense_is_refused_beside_its_field_and_nothing_is_kept(client, waiting, form):
    answer = client.post(address(waiting, "aide/"), form)

    assert answer.status_code == 200
    assert 'class="error"' in answer.text
    assert Problem.objects.count() == 0


def test_before_anything_was_brought_there_is_nothing_to_report_extend_or_share(client):
    collection = confirmed(make_bank("M", "M").point, (make_sheet(), 1))
    before = Collection.objects.values().get(pk=collection.pk)

    page = client.get(address(collection)).text
    for name, form in {"prolonger/": {}, "partager/": {"name": "V"}, "aide/": {"kind": "damaged"}}.items():
        client.post(address(collection, name), form)

    assert "A door did not open" not in page
    assert "une porte ne s’est pas ouverte" not in page.lower()
    assert Collection.objects.values().get(pk=collection.pk) == before
    assert (Share.objects.count(), Problem.objects.count(), Extension.objects.count()) == (0, 0, 0)
