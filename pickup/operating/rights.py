"""Who runs the lockers: one rule, asked by every page, every mail and every approval."""

from functools import wraps

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache

# Rights of the back office (`/gestion/`) that a few operators hold besides.
SET_UP_BANKS = "pickup.change_bank"
SEE_ALL_ORDERS = "pickup.view_collection"


def operators():
    """The people who run the lockers: the town's staff."""
    return get_user_model().objects.filter(is_staff=True, is_active=True)


def is_operator(user) -> bool:
    """Whether this person is one of them."""
    return user.is_active and user.is_staff


def operators_only(view):
    """Sign in first; for all but operators the page does not exist."""

    @wraps(view)
    @never_cache
    @login_required
    def guarded(request, *args, **kwargs):
        if not is_operator(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def entrusted(right: str):
    """The operators who hold this right, whom the others can ask."""
    return ModelBackend().with_perm(right).filter(is_staff=True).order_by("last_name", "first_name", "email")


def entrusted_only(right: str):
    """For operators who hold this right of the back office; the other ones read whom they can ask."""

    def decorated(view):
        @wraps(view)
        @operators_only
        def guarded(request, *args, **kwargs):
            if request.user.has_perm(right):
                return view(request, *args, **kwargs)
            people = entrusted(right)
            return render(request, "pickup/operating/not_entrusted.html", {"people": people}, status=403)

        return guarded

    return decorated
