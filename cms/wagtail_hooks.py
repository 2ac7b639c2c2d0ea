"""What we add to Wagtail's admin."""

from django.db.models import Q
from wagtail import hooks
from wagtail.permissions import policy_registry

from cms import roles
from cms.choosers import category_chooser, product_chooser, shop_chooser
from cms.models import AssociationPage
from cms.panels import OwnPages


@hooks.register("register_admin_viewset")
def choosers():
    """Products, shops and categories can be pointed at."""
    return [product_chooser, shop_chooser, category_chooser]


@hooks.register("after_create_page")
def give_new_association_its_tree(request, page):
    """An association that the town creates has its editors' group and its collection at once."""
    if isinstance(page, AssociationPage):
        roles.give_tree(page)


@hooks.register("construct_homepage_panels")
def begin_with_own_pages(request, panels):
    """An editor finds the pages of the association at once."""
    panels.append(OwnPages())


@hooks.register("construct_page_chooser_queryset")
def hide_drafts_of_others(pages, request):
    """Anyone may link to a published page; a draft is offered only to those who may open it."""
    own = policy_registry.get_by_type(pages.model).explorable_instances(request.user)
    return pages.filter(Q(live=True) | Q(pk__in=own.values("pk")))
