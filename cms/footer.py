"""The pages that every visitor must find: terms, privacy, legal notice. The market links to them by their purpose."""

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils.translation import get_language

from cms.languages import here
from cms.models import HomePage, TextPage

KEPT_SECONDS = 600


@dataclass(frozen=True)
class Link:
    """A page that the market links to."""

    purpose: str
    title: str
    address: str


def links() -> list[Link]:
    """The published pages below the home page that have a purpose, in the visitor's language, in the order of `TextPage.Purpose`."""
    return cache.get_or_set(_key(get_language()), _read, KEPT_SECONDS)


def link(purpose: str) -> Link | None:
    """The page for one purpose, if the town has written it."""
    return next((each for each in links() if each.purpose == purpose), None)


def _read() -> list[Link]:
    home = here(HomePage.objects.live()).first()
    if home is None:
        return []
    order = TextPage.Purpose.values
    pages = TextPage.objects.child_of(home).live().public().exclude(purpose="")
    found = [Link(page.purpose, page.title, page.url) for page in pages]
    return sorted(found, key=lambda each: order.index(each.purpose))


def _key(language: str) -> str:
    return f"cms:footer:{language}"


@receiver([post_save, post_delete], sender=TextPage, dispatch_uid="cms_footer_text")
@receiver([post_save, post_delete], sender=HomePage, dispatch_uid="cms_footer_home")
def _forget(**kwargs):
    cache.delete_many([_key(code) for code, _name in settings.LANGUAGES])
