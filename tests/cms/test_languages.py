"""Pages in both languages: mirrors, translations, rights, the pages of the footer."""

import pytest
from django.urls import reverse
from wagtail.models import Locale

from cms import footer, roles
from cms.languages import mirror
from cms.models import AssociationTree, TextPage
from tests.cms.makers import make_association, make_promotion
from tests.factories import make_user


@pytest.fixture
def english(db):
    return Locale.objects.get(language_code="en")


def make_text(above, title: str, **fields) -> TextPage:
    above.refresh_from_db()
    page = above.add_child(instance=TextPage(title=title, slug=title.lower(), text="<p>Bonjour.</p>", **fields))
    mirror(page)
    return page


def test_a_mirror_shows_the_text_and_says_its_language(home, client):
    make_text(home, "Histoire")

    page = client.get("/en/histoire/").content.decode()

    assert '<html lang="en">' in page
    assert '<div class="wide" lang="fr">' in page
    assert "Bonjour." in page


def test_a_page_in_the_language_of_the_visitor_needs_no_mark(home, client):
    make_text(home, "Histoire")

    assert '<div class="wide">' in client.get("/histoire/").content.decode()


def test_a_mirror_follows_each_publication(home, client):
    page = make_text(home, "Histoire")

    page.text = "<p>Bonsoir.</p>"
    page.save_revision().publish()

    assert "Bonsoir." in client.get("/en/histoire/").content.decode()


def test_a_mirror_leaves_with_its_page(home, client):
    page = make_text(home, "Histoire")
    page.unpublish()

    assert client.get("/en/histoire/").status_code == 404


def test_an_editor_turns_a_mirror_into_a_translation(home, client, english):
    association = make_association(home)
    editor = make_user()
    roles.add_editor(editor, page=association)
    page = make_promotion(association)
    mirror(page)
    mirrored = page.get_translation(english)
    client.force_login(editor)

    client.post(reverse("wagtailadmin_pages:convert_alias", args=[mirrored.pk]))

    mirrored.refresh_from_db()
    assert mirrored.alias_of_id is None
    assert mirrored.permissions_for_user(editor).can_publish()


def test_an_editor_turns_no_mirror_of_another_association(home, client, english):
    mine, theirs = make_association(home, "Vitrines"), make_association(home, "Quais")
    editor = make_user()
    roles.add_editor(editor, page=mine)
    roles.give_tree(theirs)
    page = make_promotion(theirs)
    mirror(page)
    mirrored = page.get_translation(english)
    client.force_login(editor)

    answer = client.post(reverse("wagtailadmin_pages:convert_alias", args=[mirrored.pk]))

    mirrored.refresh_from_db()
    assert answer.status_code in (302, 404)
    assert mirrored.alias_of_id == page.page_ptr_id
    assert not mirrored.permissions_for_user(editor).can_edit()


def test_an_association_has_one_group_for_both_languages(home, english):
    association = make_association(home)

    mirror(association)

    assert AssociationTree.objects.count() == 1
    assert AssociationTree.objects.get().page == association


def test_the_language_link_leads_to_the_translation(home, client, english):
    page = make_text(home, "Histoire")
    translation = page.get_translation(english)
    translation.alias_of, translation.slug = None, "history"
    translation.save()

    assert 'href="/en/history/" lang="en"' in client.get("/histoire/").content.decode()


def test_the_footer_links_to_pages_by_purpose_in_both_languages(home, client):
    make_text(home, "Conditions", purpose=TextPage.Purpose.TERMS)
    make_text(home, "Confidentialite", purpose=TextPage.Purpose.PRIVACY)
    make_text(home, "Histoire")

    french, english = client.get("/boutiques/").content.decode(), client.get("/en/boutiques/").content.decode()

    assert french.index('href="/conditions/"') < french.index('href="/confidentialite/"')
    assert 'href="/en/conditions/"' in english
    assert "/histoire/" not in french


def test_an_association_puts_nothing_into_the_footer(home):
    association = make_association(home)
    make_text(association, "Conditions", purpose=TextPage.Purpose.TERMS)

    assert footer.links() == []


def test_the_footer_forgets_what_was_taken_off(home):
    page = make_text(home, "Conditions", purpose=TextPage.Purpose.TERMS)
    assert [link.title for link in footer.links()] == ["Conditions"]

    page.unpublish()

    assert footer.links() == []


def test_a_purpose_is_offered_to_pages_of_the_town_alone(home, admin_client):
    association = make_association(home)

    town = admin_client.get(reverse("wagtailadmin_pages:add", args=["cms", "textpage", home.pk])).content.decode()
    theirs = admin_client.get(
        reverse("wagtailadmin_pages:add", args=["cms", "textpage", association.pk])
    ).content.decode()

    assert 'name="purpose"' in town
    assert 'name="purpose"' not in theirs


def test_the_start_page_lists_the_editors_own_pages(home, client):
    mine, theirs = make_association(home, "Vitrines"), make_association(home, "Quais")
    make_promotion(mine, "Braderie")
    make_promotion(theirs, "Dimanche")
    mirror(mine)
    editor = make_user()
    roles.add_editor(editor, page=mine)
    roles.give_tree(theirs)
    client.force_login(editor)

    start = client.get(reverse("wagtailadmin_home")).content.decode()

    assert start.count("Vitrines") >= 3  # the heading, the French page and its mirror
    assert "Braderie" in start
    assert "Quais" not in start
    assert "Dimanche" not in start
