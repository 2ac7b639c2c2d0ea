"""Who may enter a shop's desk. Another shop's desk does not exist for its neighbours: 404, never 403."""

from functools import wraps
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from shops import mandates, staffing, tablets
from shops.models import ShopStaff

Role = ShopStaff.Role
OPENS_SHOPS = "shops.open_shop"

# Each role may do what the roles before it may.
RANK = {Role.HELPER: 1, Role.MANAGER: 2, Role.OWNER: 3}

# Where the association may go under a mandate: what is sold, shown and when. Never orders, money, people, contracts or keys.
BY_MANDATE = frozenset(
    [
        *("start", "shop", "week", "closures", "remove_closure", "pause"),
        *("portrait", "portrait_first", "portrait_remove"),
        *("products", "new_product", "product", "shelf", "sell_out", "publish", "scan", "keep_photo", "turn_photo"),
        *("product_history", "undo", "publish_chosen", "sell_again", "selling"),
        *("import", "import_file", "import_rows", "import_columns", "import_aisles", "import_undo", "import_state"),
        *("export", "pictures", "pictures_again"),
    ]
)
# What a PIN does not open, whoever taps: a new PIN and the keys of tills. All that asks for an owner is closed there anyway.
NEEDS_A_PASSWORD = ("pin", "till", "hook")


def may(staff: ShopStaff, role: str) -> bool:
    """Whether this person may do what asks for `role`."""
    return RANK[staff.role] >= RANK[role]


def shop_staff(role: str):
    """View decorator: the view is called with the `shop` of the slug in the address instead of the slug.

    An anonymous visitor is sent to the sign-in page, or to the lock screen of a shared tablet. A shop that does not exist, one
    where the visitor does not work, and a role below `role` all answer 404: at the next request after somebody was let go.
    `request.staff` is the person's place in this shop, `request.tablet` the shared tablet that they stand at, if any.
    """

    def decorate(view):
        @wraps(view)
        @never_cache
        def guarded(request, slug, *args, **kwargs):
            request.tablet = tablets.of(request)
            if request.tablet and request.user.is_authenticated and tablets.is_left(request, request.tablet):
                logout(request)
            if not request.user.is_authenticated:
                staff = _at_the_tablet(request, slug)
                if staff is None:
                    return _ask_who(request, slug)
            else:
                staff = _at_their_own(request, slug)
            if staff is None or not may(staff, role):
                raise Http404
            request.staff = staff
            return view(request, staff.shop, *args, **kwargs)

        return guarded

    return decorate


def _at_their_own(request, slug: str) -> ShopStaff | None:
    """The place of somebody who signed in with a password: in the team, or by a mandate and only where that leads."""
    rows = ShopStaff.objects.filter(user=request.user, shop__slug=slug, is_active=True)
    staff = rows.select_related("shop").first()
    if staff is not None:
        staffing.note_arrival(staff)
        return staff
    return mandates.place_of(request.user, slug) if _name_of(request) in BY_MANDATE else None


def _at_the_tablet(request, slug: str) -> ShopStaff | None:
    """The place of whoever gave their PIN at this tablet, with no more than the tablet's rights."""
    if request.tablet is None or request.tablet.shop.slug != slug:
        return None
    staff = tablets.person(request, request.tablet)
    if staff is None:
        return None
    if _name_of(request).startswith(NEEDS_A_PASSWORD):
        raise Http404
    staff.role = min(staff.role, request.tablet.most_role, key=RANK.get)
    request.user = staff.user
    return staff


def _ask_who(request, slug: str):
    """To the lock screen of this shop's tablet, or to the sign-in page."""
    if request.tablet is not None and request.tablet.shop.slug == slug:
        following = request.get_full_path() if request.method == "GET" else ""
        return redirect(reverse("desk:tablet") + (f"?{urlencode({'next': following})}" if following else ""))
    return redirect_to_login(request.get_full_path())


def _name_of(request) -> str:
    """The name of the desk's address; "" elsewhere."""
    match = request.resolver_match
    return match.url_name if match is not None and match.namespace == "desk" else ""


def opens_shops(view):
    """View decorator: for the people who open, send back and suspend shops. For everybody else the page does not exist."""

    @wraps(view)
    @never_cache
    @login_required
    def guarded(request, *args, **kwargs):
        if not request.user.has_perm(OPENS_SHOPS):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
