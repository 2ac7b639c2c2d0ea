"""No page of the town takes an address of the market."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import get_resolver
from django.urls.resolvers import LocalePrefixPattern, URLResolver

from cms.addresses import RESERVED
from cms.models import TextPage
from tests.cms.makers import make_promotion
from tests.factories import make_user


def first_words(resolver) -> set[str]:
    """The first part of every address of the URL table that is a plain word."""
    words = set()
    for pattern in resolver.url_patterns:
        text = str(pattern.pattern).removeprefix("^")
        is_open = isinstance(pattern, URLResolver) and (isinstance(pattern.pattern, LocalePrefixPattern) or text == "")
        if is_open:
            words |= first_words(pattern)
        elif match := re.match(r"[\w.-]+", text):
            words.add(match[0])
    return words


def test_every_prefix_of_the_url_table_is_reserved():
    wagtails_own = {"_util", "search"}

    assert first_words(get_resolver()) - wagtails_own <= RESERVED
    assert {"boutiques", "panier", "commande", "recherche", "espace-boutique", "tlp", "demo"} <= RESERVED


@pytest.mark.parametrize("slug", ["boutiques", "panier", "en", "gestion"])
def test_page_with_an_address_of_the_market_is_refused_in_words(home, slug):
    with pytest.raises(ValidationError) as refusal:
        home.add_child(instance=TextPage(title="Page", slug=slug, text="<p>Texte</p>"))

    assert slug in str(refusal.value.message_dict["slug"])
    assert not TextPage.objects.exists()


def test_copy_to_an_address_of_the_market_is_refused_beside_the_field(home, association, client):
    page = make_promotion(association)
    client.force_login(make_user(is_staff=True, is_superuser=True))

    response = client.post(
        f"/cms/pages/{page.pk}/copy/",
        {"new_title": "Copie", "new_slug": "panier", "new_parent_page": association.pk},
    )

    assert "new_slug" in response.context["form"].errors
    assert association.get_children().count() == 1
