"""What Wagtail's own admin still shows of foreign drafts, pictures and documents, it shows no longer.

Wagtail checks rights before each change. Some of its views, though, name what they refuse: confirmation pages of bulk
actions, the page chooser, two reports (Wagtail 8.0.1; tests/cms/test_roles.py walks all addresses).
"""

from django.apps import apps
from django.http import Http404, QueryDict
from django.urls import reverse
from wagtail.models import Page
from wagtail.permissions import policy_registry

PAGE_ARGUMENTS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id")
TOWN_REPORTS = ("aging_pages", "page_types_usage")
LIBRARY_RIGHTS = ["add", "change", "delete", "choose"]


class AssociationWalls:
    """Middleware: in the admin, what an editor may not open does not exist for them."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Raise 404 for foreign pages; take foreign rows out of a request that names many."""
        if not request.path.startswith(reverse("wagtailadmin_home")) or request.user.is_superuser:
            return
        if not request.user.is_authenticated:
            return
        name = request.resolver_match.url_name or ""
        if name.startswith(TOWN_REPORTS):
            raise Http404
        wanted = {kwargs[argument] for argument in PAGE_ARGUMENTS if argument in kwargs}
        if wanted - set(_visible_pages(request.user).filter(pk__in=wanted).values_list("pk", flat=True)):
            raise Http404
        if name == "wagtail_bulk_action":
            request.GET = _narrowed(request.GET, _own(request.user, _model(kwargs)))
        elif name == "wagtailadmin_choose_page_chosen_multiple":
            request.GET = _narrowed(request.GET, _visible_pages(request.user))


def _model(kwargs: dict):
    try:
        return apps.get_model(kwargs["app_label"], kwargs["model_name"])
    except LookupError as error:
        raise Http404 from error


def _explorable(user):
    return policy_registry.get_by_type(Page).explorable_instances(user)


def _visible_pages(user):
    """Published pages, which everybody reads anyway, and those of one's own trees."""
    return Page.objects.live() | Page.objects.filter(pk__in=_explorable(user).values("pk"))


def _own(user, model):
    """The rows of `model` (page, image, document) on which `user` may act."""
    if issubclass(model, Page):
        return Page.objects.filter(pk__in=_explorable(user).values("pk"))
    return policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, LIBRARY_RIGHTS)


def _narrowed(query: QueryDict, rows) -> QueryDict:
    """The same query with the ids of `rows` only; "all" is written out."""
    wanted = query.getlist("id")
    if "all" in wanted:
        above = query.get("childOf", "")
        if issubclass(rows.model, Page) and above.isdigit():
            rows = rows.child_of(Page.objects.filter(pk=above).first() or Page.get_first_root_node())
    else:
        rows = rows.filter(pk__in=[pk for pk in wanted if pk.isdigit()])
    narrowed = query.copy()
    narrowed.setlist("id", list(rows.values_list("pk", flat=True)))
    return narrowed
