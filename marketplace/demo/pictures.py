"""The town's pictures: photos made ready once, however often they are used, and mosaics for large places."""

from functools import cache
from io import BytesIO
from uuid import uuid4

from django.core.files.base import ContentFile, File
from django.core.files.images import ImageFile
from PIL import Image

from marketplace.demo.town import PHOTOS
from shops import photos

TILE_PX = 420


@cache
def _accepted(name: str) -> bytes:
    with (PHOTOS / f"{name}.jpg").open("rb") as file:
        return photos.accept(File(file)).read()


def product_photo(name: str) -> ContentFile:
    """The photo `name` as a shopkeeper's upload would be stored."""
    return ContentFile(_accepted(name), name=f"{uuid4().hex}.webp")


def mosaic(names: list[str], *, columns: int = 0) -> ImageFile:
    """The photos side by side in rows of `columns` (default: two rows), as one WebP."""
    columns = columns or max(1, (len(names) + 1) // 2)
    rows = -(-len(names) // columns)
    picture = Image.new("RGB", (columns * TILE_PX, rows * TILE_PX))
    for position, name in enumerate(names):
        with Image.open(PHOTOS / f"{name}.jpg") as tile:
            row, column = divmod(position, columns)
            picture.paste(tile.convert("RGB").resize((TILE_PX, TILE_PX)), (column * TILE_PX, row * TILE_PX))
    written = BytesIO()
    picture.save(written, "WEBP", quality=82)
    written.seek(0)
    return ImageFile(written, name=f"{'-'.join(names[:3])}.webp")
