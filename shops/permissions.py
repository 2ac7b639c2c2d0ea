"""Who may enter a shop's desk. Another shop's desk does not exist for its neighbours: 404, never 403."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.views.decorators.cache import never_cache

from shops import staffing
from shops.models import ShopStaff

Role = ShopStaff.Role
OPENS_SHOPS = "shops.open_shop"

# Each role may do what the roles before it may.
RANK = {Role.HELPER: 1, Role.MANAGER: 2, Role.OWNER: 3}


def may(staff: ShopStaff, role: str) -> bool:
    """Whether this person may do what asks for `role`."""
    return RANK[staff.role] >= RANK[role]


def shop_staff(role: str):
    """View decorator: the view is called with the `shop` of the slug in the address instead of the slug.

    An anonymous visitor is sent to the sign-in page. A shop that does not exist, one where the visitor does not work, and a
    role below `role` all answer 404: at the next request after somebody was let go. `request.staff` is the person's place
    in this shop.
    """

    def decorate(view):
        @wraps(view)
        @never_cache
        @login_required
        def guarded(request, slug, *args, **kwargs):
            staff = (
                ShopStaff.objects.filter(user=request.user, shop__slug=slug, is_active=True)
                .select_related("shop")
                .first()
            )
            if staff is None or not may(staff, role):
                raise Http404
            staffing.note_arrival(staff)
            request.staff = staff
            return view(request, staff.shop, *args, **kwargs)

        return guarded

    return decorate


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
