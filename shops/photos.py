"""Photos from shopkeepers' phones: checked, turned upright, made smaller, freed of what the camera noted, written anew."""

import warnings
from io import BytesIO
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from shops.models import ProductSheet

FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "AVIF", "HEIF")
LONGEST_PX = 1200

register_heif_opener()


class PhotoRefused(Exception):
    """A file that is no photo, or too large a one; the text says what to do."""


def accept(upload) -> ContentFile:
    """The photo as WebP, at most 1200 px long, without EXIF (which may hold the place of a home). Raises `PhotoRefused`."""
    if upload.size > settings.MAX_PHOTO_MB * 1024 * 1024:
        raise PhotoRefused(_("This photo is larger than %(limit)s MB.") % {"limit": settings.MAX_PHOTO_MB})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(upload, formats=FORMATS)
            if image.width * image.height > settings.MAX_PHOTO_MEGAPIXELS * 1_000_000:
                raise PhotoRefused(
                    _("This photo has more than %(limit)s megapixels.") % {"limit": settings.MAX_PHOTO_MEGAPIXELS}
                )
            image = ImageOps.exif_transpose(image)
            image.thumbnail((LONGEST_PX, LONGEST_PX))
            image = image.convert("RGBA" if "transparency" in image.info or image.mode == "RGBA" else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        raise PhotoRefused(
            _("This file is not a photo that we can read. Please use JPEG, PNG, WebP or HEIC.")
        ) from error
    written = BytesIO()
    image.save(written, "WEBP", quality=82)
    return ContentFile(written.getvalue(), name=f"{uuid4().hex}.webp")


def store(sheet: ProductSheet, upload) -> None:
    """Give the product a new photo; the old file goes. Raises `PhotoRefused`."""
    photo = accept(upload)
    old = sheet.photo.name
    sheet.photo.save(photo.name, photo, save=False)
    sheet.save(update_fields=["photo", "updated_at"])
    if old:
        sheet.photo.storage.delete(old)
