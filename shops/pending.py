"""Photos that a phone sent while their product was still being typed: kept for a day, by a number only that form knows."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone
from django.utils.translation import gettext as _

from shops import photos
from shops.models import Shop

KEPT = timedelta(days=1)
MOST = 200  # of one shop
FOLDER = "pending"


def keep(shop: Shop, upload) -> str:
    """Check a photo and put it aside; the number by which `take` finds it again. Raises `photos.PhotoRefused`."""
    photo = photos.accept(upload)
    if len(_files(f"{FOLDER}/{shop.pk}")) >= MOST:
        raise photos.PhotoRefused(_("Too many photos wait for their products. Please save some of these first."))
    number = uuid4().hex
    _storage().save(_name(shop, number), photo)
    return number


def take(shop: Shop, number: str) -> ContentFile | None:
    """The photo of this number; None when the shop has none such, or no longer. It stays: saving may fail and come again."""
    try:
        name = _name(shop, UUID(number).hex)
        with _storage().open(name) as file:
            return ContentFile(file.read(), name=f"{uuid4().hex}.webp")
    except (ValueError, FileNotFoundError):
        return None


def forget(now: datetime | None = None) -> int:
    """Delete the photos that nobody has wanted for a day; how many."""
    storage, deleted = _storage(), 0
    for folder in _folders():
        for file in _files(f"{FOLDER}/{folder}"):
            name = f"{FOLDER}/{folder}/{file}"
            if storage.get_modified_time(name) < (now or timezone.now()) - KEPT:
                storage.delete(name)
                deleted += 1
    return deleted


def _storage():
    return storages["private"]


def _name(shop: Shop, number: str) -> str:
    return f"{FOLDER}/{shop.pk}/{number}.webp"


def _folders() -> list[str]:
    try:
        return _storage().listdir(FOLDER)[0]
    except FileNotFoundError:
        return []


def _files(folder: str) -> list[str]:
    try:
        return _storage().listdir(folder)[1]
    except FileNotFoundError:
        return []
