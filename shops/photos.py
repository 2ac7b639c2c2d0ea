"""Photos from shopkeepers' phones: checked, turned upright, made smaller, freed of what the camera noted, written anew.

A photo is kept in three widths, made at upload so that no page ever waits for one. The row names the largest,
`products/ab12.webp`; the others lie beside it as `products/ab12-400.webp` and `products/ab12-800.webp`.
"""

import warnings
from functools import partial
from io import BytesIO
from pathlib import PurePosixPath
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, UnidentifiedImageError
from pillow_heif import register_heif_opener

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")
LARGEST_PX = 1600
SMALLER_PX = (400, 800)
# What Pillow raises for broken or hostile files; the decoders of AVIF and HEIF add RuntimeError and EOFError.
UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    SyntaxError,
    Image.DecompressionBombError,
    Warning,
)

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # how an image is turned upright, by its orientation in EXIF

register_heif_opener()


class PhotoRefused(Exception):
    """A file that is no photo, or too large a one; the text says what to do."""


def unreadable() -> str:
    """The sentence about a file that is no photo."""
    return _("This file is not a photo that we can read. Please use JPEG, PNG, WebP or HEIC.")


def accept(upload) -> ContentFile:
    """The photo as WebP, at most 1600 px long, without EXIF (which may hold the place of a home). Raises `PhotoRefused`."""
    if upload.size > settings.MAX_PHOTO_MB * 1024 * 1024:
        raise PhotoRefused(_("This photo is larger than %(limit)s MB.") % {"limit": settings.MAX_PHOTO_MB})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(upload, formats=FORMATS)  # by its first bytes, whatever its name says
            if image.width * image.height > settings.MAX_PHOTO_MEGAPIXELS * 1_000_000:
                raise PhotoRefused(
                    _("This photo has more than %(limit)s megapixels.") % {"limit": settings.MAX_PHOTO_MEGAPIXELS}
                )
            image = _upright(image)
            image.thumbnail((LARGEST_PX, LARGEST_PX))
            image = image.convert("RGBA" if "transparency" in image.info or image.mode == "RGBA" else "RGB")
    except UNREADABLE as error:
        raise PhotoRefused(unreadable()) from error
    return ContentFile(_webp(image), name=f"{uuid4().hex}.webp")


def _upright(image: Image.Image) -> Image.Image:
    """As it was seen. Only the orientation is read of what the camera noted, for the rest is often faulty."""
    image.load()
    turn = TURNS.get(image.getexif().get(ExifTags.Base.Orientation))
    return image if turn is None else image.transpose(turn)


def keep(row, photo: ContentFile) -> None:
    """Give a product or shop the accepted `photo` in all widths; the old files go once the change is committed."""
    old = row.photo.name
    row.photo.save(photo.name, photo, save=False)
    photo.seek(0)
    with Image.open(photo) as image:
        for width in SMALLER_PX:
            small = image.copy()
            small.thumbnail((width, width))
            row.photo.storage.save(_name(row.photo.name, width), ContentFile(_webp(small)))
    touched = [name for name in ("updated_at",) if hasattr(row, name)]
    row.save(update_fields=None if row.pk is None else ["photo", *touched])
    if old:
        transaction.on_commit(partial(_forget, type(row), row.photo.storage, old))


def store(row, upload) -> None:
    """Check an upload and make it the photo of a product or shop. Raises `PhotoRefused`."""
    keep(row, accept(upload))


def drop(row) -> None:
    """The row goes: its files too, once the change is committed and when no other row shows them."""
    transaction.on_commit(partial(_forget, type(row), row.photo.storage, row.photo.name))


def _webp(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "WEBP", quality=82)
    return written.getvalue()


def _name(name: str, width: int) -> str:
    """The file of a smaller width, beside the largest."""
    path = PurePosixPath(name)
    return str(path.with_stem(f"{path.stem}-{width}"))


def _forget(table, storage, name: str) -> None:
    if table.objects.filter(photo=name).exists():  # variants of a product may share one
        return
    for each in (name, *(_name(name, width) for width in SMALLER_PX)):
        storage.delete(each)


def photo_url(row, width: int) -> str:
    """The address of the photo of a product or shop at least `width` px wide if there is one, else the widest; "" without."""
    if not row.photo:
        return ""
    fitting = next((made for made in SMALLER_PX if made >= width), LARGEST_PX)
    return _addresses(row.photo)[fitting]


def srcset(row) -> str:
    """All widths for the browser to choose from."""
    return ", ".join(f"{address} {width}w" for width, address in _addresses(row.photo).items())


def _addresses(photo) -> dict[int, str]:
    """The address of every width, the smallest first. The storage is asked once: they differ as the files' names do (`_name`)."""
    largest = photo.storage.url(photo.name)
    stem, dot, suffix = largest.rpartition(".")
    return {width: f"{stem}-{width}{dot}{suffix}" for width in SMALLER_PX} | {LARGEST_PX: largest}
