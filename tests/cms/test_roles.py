"""Editors of one association reach nothing of another one: every address of Wagtail's admin is walked."""

import pytest
from django.contrib.auth.models import Group
from wagtail.images import get_image_model
from wagtail.models import Collection

from cms import roles
from cms.models import AssociationTree
from tests.cms.makers import make_association
from tests.cms.walk import Side, addresses, forged, town_state
from tests.factories import make_product, make_shop, make_user

# What only the editors of the other association may read.
SECRETS = ["Brouillon-B", "Retouche-B", "Image-B", "Document-B", "editor-b@example.org"]


@pytest.fixture
def sides(home):
    make_product(make_shop())
    return Side(home, "Association-A"), Side(home, "Association-B")


def test_editor_reads_nothing_of_another_association(sides, client):
    own, other = sides
    client.force_login(own.editor)
    client.raise_request_exception = False

    leaks = {}
    for address in addresses(other):
        text = _text(client.get(address))
        if found := [secret for secret in SECRETS if secret in text]:
            leaks[address] = found

    assert leaks == {}


def test_editor_changes_nothing_of_another_association(sides, client):
    own, other = sides
    client.force_login(own.editor)
    client.raise_request_exception = False
    before = town_state()

    for address in addresses(other):
        if "id=all" in address:  # "all that is mine": may change what is one's own
            continue
        client.post(address, forged(other, own), HTTP_X_REQUESTED_WITH="XMLHttpRequest")

    assert town_state() == before


def test_the_walk_finds_what_one_may_read(sides, client):
    """Control: the same addresses show the secrets to the editor whose they are."""
    _own, other = sides
    client.force_login(other.editor)

    read = {secret for address in addresses(other) for secret in SECRETS if secret in _text(client.get(address))}

    assert read == set(SECRETS)


def test_the_forged_wish_is_a_real_one(sides, client):
    """Control: the same body copies and edits a page of one's own."""
    own, _other = sides
    client.force_login(own.editor)

    client.post(f"/cms/pages/{own.live.pk}/copy/", forged(own, own))
    client.post(f"/cms/images/{own.image.pk}/", forged(own, own))

    assert own.page.get_children().filter(slug="pris").exists()
    own.image.refresh_from_db()
    assert own.image.title == "Pris"


def test_editor_does_not_take_the_association_itself_away(sides, client):
    own, _other = sides
    client.force_login(own.editor)
    before = town_state()

    for action in ("delete", "unpublish"):
        client.post(f"/cms/pages/{own.page.pk}/{action}/", {"confirm": "1"})
    client.post(f"/cms/bulk/wagtailcore/page/delete/?id={own.page.pk}", {"confirm": "1"})

    assert town_state() == before
    assert own.page.permissions_for_user(own.editor).can_edit()


def test_bulk_action_on_everything_reaches_what_is_ones_own(sides, client):
    own, other = sides
    client.force_login(own.editor)

    client.post("/cms/bulk/wagtailimages/image/delete/?id=all")

    assert list(get_image_model().objects.values_list("title", flat=True)) == [other.image.title]


def test_giving_the_tree_again_changes_nothing(association):
    roles.give_tree(association)
    before = (town_state(), Group.objects.count(), Collection.objects.count())

    roles.give_tree(association)

    assert (town_state(), Group.objects.count(), Collection.objects.count()) == before


def test_two_associations_of_one_name_have_two_groups(home):
    first = make_association(home, "Vitrines")
    second = make_association(home, "Quais")
    second.title = first.title

    assert roles.give_tree(first) != roles.give_tree(second)


def test_new_association_of_the_town_has_its_group_at_once(home, client):
    client.force_login(make_user(is_staff=True, is_superuser=True))

    client.post(
        f"/cms/pages/add/cms/associationpage/{home.pk}/",
        {
            "title": "Neuve",
            "slug": "neuve",
            "legal_name": "Neuve, association",
            "text": "null",
            "members-TOTAL_FORMS": "0",
            "members-INITIAL_FORMS": "0",
            "comments-TOTAL_FORMS": "0",
            "comments-INITIAL_FORMS": "0",
        },
    )

    assert AssociationTree.objects.get().page.title == "Neuve"


def _text(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode(errors="replace")
