"""The town's pictures: photos made ready once, however often they are used, and mosaics for large places."""

from functools import cache
from io import BytesIO
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image

from marketplace.demo.town import PHOTOS
from shops import photos

TILE_PX = 420
LONGEST_ROW = 3


@cache
def _accepted(name: str, longest_px: int) -> bytes:
    content = (PHOTOS / f"{name}.jpg").read_bytes()
    if longest_px:
        smaller = BytesIO()
        with Image.open(BytesIO(content)) as image:
            image.thumbnail((longest_px, longest_px))
            image.save(smaller, "JPEG", quality=90)
        content = smaller.getvalue()
    return photos.accept(ContentFile(content)).read()


def photo(name: str, *, longest_px: int = 0) -> ContentFile:
    """The photo `name`, accepted as a shopkeeper's upload is; made smaller before when `longest_px` says so."""
    return ContentFile(_accepted(name, longest_px), name=f"{uuid4().hex}.webp")


def mosaic(names: list[str]) -> ImageFile:
    """The photos side by side as one WebP: one row of up to three, two rows of more."""
    columns = len(names) if len(names) <= LONGEST_ROW else (len(names) + 1) // 2
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
