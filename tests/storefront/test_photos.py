"""Photos: what is taken, what is refused, what is kept."""

from io import BytesIO
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from shops import photos
from tests.factories import make_product, make_shop

pytestmark = pytest.mark.django_db

ORIENTATION, TURNED_LEFT = 0x0112, 6


def upload(kind="JPEG", size=(1000, 500), **options):
    written = BytesIO()
    Image.new("RGB", size, "tomato").save(written, kind, **options)
    return SimpleUploadedFile("photo.jpg", written.getvalue())


@pytest.fixture
def sheet():
    return make_product(make_shop())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"])
def test_every_format_of_a_phone_becomes_webp(kind):
    accepted = photos.accept(upload(kind))

    with Image.open(accepted) as image:
        assert (image.format, image.size) == ("WEBP", (1000, 500))


def test_a_photo_is_turned_upright_and_forgets_what_the_camera_noted():
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_LEFT

    with Image.open(photos.accept(upload(exif=exif))) as image:
        assert (image.size, dict(image.getexif())) == ((500, 1000), {})


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("photo.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        SimpleUploadedFile("photo.jpg", b"%PDF-1.7"),
        SimpleUploadedFile("photo.jpg", b""),
    ],
    ids=["svg", "pdf", "empty"],
)
def test_what_is_no_photo_is_refused(file):
    with pytest.raises(photos.PhotoRefused):
        photos.accept(file)


def test_too_many_pixels_are_refused(settings):
    settings.MAX_PHOTO_MEGAPIXELS = 1

    with pytest.raises(photos.PhotoRefused):
        photos.accept(upload("PNG", size=(1001, 1000)))


def test_three_widths_are_kept_and_the_old_ones_go(sheet, django_capture_on_commit_callbacks):
    photos.store(sheet, upload(size=(3000, 2000)))
    first, storage = sheet.photo.name, sheet.photo.storage
    widths = []
    for width in (400, 800, 1600):
        with storage.open(photos.photo_url(sheet, width).removeprefix("/media/")) as file, Image.open(file) as image:
            widths.append(image.width)

    with django_capture_on_commit_callbacks(execute=True):
        photos.store(sheet, upload())

    assert widths == [400, 800, 1600]
    assert [name for name in storage.listdir("products")[1] if first.split("/")[1][:8] in name] == []


def test_a_page_offers_the_browser_every_width(sheet):
    photos.store(sheet, upload())

    offered = photos.srcset(sheet)

    assert offered == ", ".join(f"{photos.photo_url(sheet, width)} {width}w" for width in (400, 800, 1600))
    assert photos.photo_url(sheet, 1600) == sheet.photo.url


def test_a_refused_photo_leaves_the_old_one(sheet):
    photos.store(sheet, upload())
    kept = sheet.photo.name

    with pytest.raises(photos.PhotoRefused):
        photos.store(sheet, SimpleUploadedFile("photo.jpg", b"nothing"))

    sheet.refresh_from_db()
    assert sheet.photo.name == kept
    assert sheet.photo.storage.exists(kept)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"])
def test_a_damaged_photo_is_accepted_or_refused_but_never_an_error_of_ours(kind):
    whole = upload(kind, size=(64, 48)).read()
    chance = Random(kind)
    refused = 0

    for _attempt in range(150):
        damaged = bytearray(whole)
        if chance.random() < 0.3:
            del damaged[chance.randrange(1, len(damaged)) :]
        for _byte in range(chance.choice((1, 3, 20))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            photos.accept(SimpleUploadedFile("photo", bytes(damaged)))
        except photos.PhotoRefused:
            refused += 1

    assert refused > 10
