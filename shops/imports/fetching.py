"""Fetch a picture from an address that a shop has named: the public web only, a photo's size at most, soon or not at all.

Whoever fetches many does so one after the other (`pictures.work_due`): no server is asked for two at once.
"""

from io import BytesIO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.utils.translation import gettext as _

from marketplace.foundation import outside
from marketplace.foundation.outside import INTERNET, Network, open_public
from shops import photos

SECONDS = 20
REDIRECTS = 3
ANOTHER_TIME = {408, 425, 429, 500, 502, 503, 504}


class PictureError(Exception):
    """There is no picture to be had there; the text says why."""


class NotNow(PictureError):
    """Another time it may work."""


def is_address(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def fetch(address: str, *, network: Network = INTERNET) -> ContentFile:
    """The picture at `address`, accepted by `photos`. Raises `PictureError`; `NotNow` when it is worth another try."""
    return accept(_read(address, network))


def accept(content: bytes) -> ContentFile:
    """The bytes as a photo of ours, whatever name or header came with them. Raises `PictureError`."""
    upload = InMemoryUploadedFile(BytesIO(content), None, "picture", "", len(content), None)
    try:
        return photos.accept(upload)
    except photos.PhotoRefused as error:
        raise PictureError(str(error)) from error


def _read(address: str, network: Network) -> bytes:
    asked = {"Accept": "image/*"}
    try:
        with open_public(address, headers=asked, seconds=SECONDS, redirects=REDIRECTS, network=network) as answer:
            if answer.status in ANOTHER_TIME:
                raise NotNow(_("This server answers “%(status)s”.") % {"status": answer.status})
            if answer.status != 200:
                raise PictureError(_("This server answers “%(status)s”.") % {"status": answer.status})
            return answer.read(settings.MAX_PHOTO_MB * 1024 * 1024)
    except outside.Unreachable as error:
        raise NotNow(str(error)) from error
    except outside.OutsideError as error:
        raise PictureError(str(error)) from error
