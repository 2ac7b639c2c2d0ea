"""Who runs the lockers: one rule, asked by every page, every mail and every approval."""

from functools import wraps

from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.views.decorators.cache import never_cache


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
