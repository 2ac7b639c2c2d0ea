"""The people of the demonstration: one documented password opens all their accounts."""

from functools import cache

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password

from marketplace.demo.town import PASSWORD, read


def person(entry: dict, **fields):
    """The user of an entry with `email`, `first_name` and `last_name`; made when missing."""
    names = {name: entry[name] for name in ("first_name", "last_name")}
    user, _created = get_user_model().objects.get_or_create(
        email=entry["email"], defaults={**names, **fields, "password": _password()}
    )
    return user


@cache
def _password() -> str:
    """Hashed once: a good hash is slow, and all the people share their password anyway."""
    return make_password(PASSWORD)


def settle() -> None:
    """The operator's staff and the residents with an account."""
    for entry in read("town")["staff"]:
        person(entry, is_staff=True, is_superuser=True)
    for entry in read("town")["residents"]:
        person(entry)
