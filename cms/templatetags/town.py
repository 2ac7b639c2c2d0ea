"""Template words of the town's pages."""

from django import template
from django.utils.translation import get_language

from cms import footer

register = template.Library()


@register.simple_tag
def footer_links() -> list[footer.Link]:
    """The pages that every visitor must find."""
    return footer.links()


@register.simple_tag
def town_page(purpose: str) -> footer.Link | None:
    """The town's page for a purpose (`cms.models.TextPage.Purpose`), if it is written."""
    return footer.link(purpose)


@register.simple_tag
def content_language(page) -> str:
    """The language of a page's text when the visitor reads another one; else empty. A mirror carries the original's text."""
    written_in = page.alias_of.locale.language_code if page.alias_of_id else page.locale.language_code
    return "" if written_in == get_language() else written_in
