"""The start page of Wagtail's admin for somebody who writes a few hours a month: one's own pages, and what to do with them."""

from django.urls import reverse
from wagtail.admin.ui.components import Component
from wagtail.models import Page

from cms.models import AssociationPage, AssociationTree


class OwnPages(Component):
    """The pages of the associations that one writes for, in all languages, each with a link to change it."""

    name = "own_pages"
    template_name = "cms/admin/own_pages.html"
    order = 50

    def get_context_data(self, parent_context):
        groups = parent_context["request"].user.groups.all()
        trees = AssociationTree.objects.filter(group__in=groups).select_related("page").order_by("page__title")
        return super().get_context_data(parent_context) | {
            "trees": [
                {
                    "page": tree.page,
                    "pages": _pages_of(tree.page),
                    "new": reverse("wagtailadmin_pages:add", args=["cms", "promotionpage", tree.page.pk]),
                }
                for tree in trees
            ]
        }


def _pages_of(association: AssociationPage) -> list[Page]:
    """The association's page and what is below it, each beside its translation."""
    pages = Page.objects.none()
    for root in association.get_translations(inclusive=True):
        pages |= Page.objects.descendant_of(root, inclusive=True)
    return list(pages.select_related("locale").order_by("depth", "translation_key", "-locale__language_code"))
