"""Pictures of the page editor: what the camera noted stays in the original, which nobody can fetch."""

from io import BytesIO

import pytest
from django.core.files.images import ImageFile
from PIL import Image
from wagtail.images import get_image_model

pytestmark = pytest.mark.django_db
MAKER, GPS = 0x010F, 0x8825


def photo(kind: str) -> BytesIO:
    noted = Image.Exif()
    noted[MAKER] = "Camera"
    noted[GPS] = {1: "N", 2: (47.0, 1.0, 2.0)}
    written = BytesIO()
    Image.new("RGB", (400, 300), "red").save(written, kind, exif=noted)
    return written


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("size", ["max-165x165", "width-200", "original", "fill-160x160|format-webp"])
def test_no_size_of_a_picture_tells_where_it_was_taken(kind, size):
    file = photo(kind)
    assert dict(Image.open(file).getexif())[MAKER] == "Camera"
    picture = get_image_model().objects.create(title="x", file=ImageFile(file, name=f"a.{kind.lower()}"))

    made = picture.get_rendition(size)

    assert dict(Image.open(made.file).getexif()) == {}
