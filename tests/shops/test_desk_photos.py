"""The desk: a photo that is sent while its product is still being typed."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from shops import pending
from tests.factories import make_shop
from tests.shops.desk_cases import PRODUCT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }


def photo(kind="JPEG", *, size=(40, 30), turned=False) -> SimpleUploadedFile:
    file, exif = BytesIO(), Image.Exif()
    if turned:
        exif[0x0112] = 6  # the camera was held upright: turn by 90 degrees
    Image.new("RGB", size, "orange").save(file, kind, exif=exif.tobytes())
    return SimpleUploadedFile(f"photo.{kind.lower()}", file.getvalue())


def sent(desk) -> str:
    return desk("keep_photo", data={"photo": photo()}).json()["number"]


def test_a_photo_that_was_sent_before_becomes_that_of_the_product(shop, desk):
    desk("new_product", data=PRODUCT | {"photo_number": sent(desk)})

    with Image.open(shop.sheets.get().photo) as image:
        assert (image.format, image.size) == ("WEBP", (40, 30))


def test_a_refused_product_keeps_its_photo_for_the_next_try(shop, desk):
    number = sent(desk)

    page = desk("new_product", data=PRODUCT | {"photo_number": number, "price": "gratuit"})
    assert f'value="{number}"' in page.content.decode()
    desk("new_product", data=PRODUCT | {"photo_number": number})

    assert shop.sheets.get().photo


def test_a_photo_of_another_shop_is_not_found(shop, desk):
    number = pending.keep(make_shop(), photo())

    page = desk("new_product", data=PRODUCT | {"photo_number": number})

    assert set(page.context["form"].errors) == {"upload"}
    assert not shop.sheets.exists()


@pytest.mark.parametrize("number", ["../../secret", "x", "00000000000000000000000000000000"])
def test_an_invented_number_is_refused_beside_the_photo(shop, desk, number):
    page = desk("new_product", data=PRODUCT | {"photo_number": number})

    assert set(page.context["form"].errors) == {"upload"}
    assert not shop.sheets.exists()


def test_what_the_browser_cannot_read_comes_back_upright_as_webp(desk):
    answer = desk("turn_photo", data={"photo": photo("HEIF", size=(64, 32), turned=True)})

    with Image.open(BytesIO(answer.content)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (32, 64), {})


@pytest.mark.parametrize("name", ["keep_photo", "turn_photo"])
def test_what_is_no_photo_is_refused_with_a_sentence(desk, name):
    for fields in ({}, {"photo": SimpleUploadedFile("a.jpg", b"<svg/>")}):
        answer = desk(name, data=fields)
        assert (answer.status_code, list(answer.json())) == (422, ["words"])


def test_a_shop_cannot_fill_the_disk(shop, desk, monkeypatch):
    monkeypatch.setattr(pending, "MOST", 1)
    sent(desk)

    assert desk("keep_photo", data={"photo": photo()}).status_code == 422


def test_photos_that_nobody_wanted_are_gone_after_a_day(shop):
    number = pending.keep(shop, photo())

    assert pending.forget(timezone.now() + timedelta(hours=23)) == 0
    assert pending.take(shop, number)
    assert pending.forget(timezone.now() + timedelta(hours=25)) == 1
    assert pending.take(shop, number) is None
    assert storages["private"].listdir(f"pending/{shop.pk}")[1] == []


def test_a_product_that_is_sent_twice_is_made_once(shop, desk):
    draft = desk("new_product").context["form"]["draft"].value()

    for _time in range(2):
        page = desk("new_product", data=PRODUCT | {"draft": draft})
        assert page.status_code == 200

    assert shop.sheets.count() == 1
    assert page.client.cookies["product_saved"].value == draft
