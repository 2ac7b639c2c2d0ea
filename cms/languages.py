"""The town's pages in each language: every page has a mirror in the other one, which somebody may turn into a translation.

A mirror (Wagtail's alias) shows the French text at the English address and follows each publication, so that no address is
missing in a language. An editor who has an English text converts the mirror to a page of its own.
"""

from django.dispatch import receiver
from django.utils.translation import get_language
from wagtail.models import Locale, Page
from wagtail.signals import copy_for_translation_done

from cms import roles
from cms.models import AssociationPage


def mirror(page: Page) -> None:
    """Give `page` and those above it a mirror in each language where it has no page. Safe to repeat."""
    for locale in Locale.objects.exclude(pk=page.locale_id):
        if not page.has_translation(locale):
            page.copy_for_translation(locale, copy_parents=True, alias=True)


def here(pages):
    """Those of `pages` that belong to the language of the visitor."""
    return pages.filter(locale__language_code=get_language())


@receiver(copy_for_translation_done, dispatch_uid="cms_translation_rights")
def _give_rights(sender, source_obj, target_obj, **kwargs):
    """The editors of an association write its pages in every language."""
    if isinstance(target_obj, Page) and isinstance(target_obj.specific, AssociationPage):
        roles.give_tree(source_obj.specific)
        roles.give_tree(target_obj.specific)
