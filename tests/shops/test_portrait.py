"""The pictures of a shop: several, with words for those who do not see them; what is no photo is refused, nothing is left behind."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shops import portrait
from shops.models import Shop, ShopPicture
from tests.shops.desk_cases import photo_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def files() -> set[str]:
    return set(default_storage.listdir("shops")[1]) if default_storage.exists("shops") else set()


def show(desk, alt: str = ""):
    return desk("portrait", data={"upload": photo_file(), "alt": alt})


def test_the_first_becomes_the_main_photo_and_the_next_stand_beside_it(shop, desk):
    show(desk)
    show(desk, "Le four")

    shop.refresh_from_db()
    page = Client().get(shop.get_absolute_url()).content.decode()
    assert bool(shop.photo)
    assert [each.alt for each in shop.pictures.all()] == ["Le four"]
    assert 'alt="Le four"' in page


def test_another_main_photo_swaps_places_and_loses_no_file(shop, desk):
    show(desk)
    show(desk, "Le four")
    shop.refresh_from_db()
    first, second, kept = shop.photo.name, shop.pictures.get().photo.name, files()

    desk("portrait_first", shop.pictures.get().pk, data={})

    shop.refresh_from_db()
    assert (shop.photo.name, shop.pictures.get().photo.name) == (second, first)
    assert files() == kept


def test_a_removed_picture_leaves_no_file(shop, desk, django_capture_on_commit_callbacks):
    show(desk)
    before = files()
    show(desk, "Le four")

    with django_capture_on_commit_callbacks(execute=True):
        desk("portrait_remove", shop.pictures.get().pk, data={})

    assert (shop.pictures.count(), files()) == (0, before)


def test_nine_are_enough(shop, desk):
    Shop.objects.filter(pk=shop.pk).update(photo="shops/a.webp")
    for number in range(portrait.MOST):
        ShopPicture.objects.create(shop=shop, photo=f"shops/{number}.webp")

    page = show(desk)

    assert page.context["form"].errors["upload"]
    assert shop.pictures.count() == portrait.MOST


@pytest.mark.parametrize(
    "content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<script>alert(1)</script>", b"GIF89a"]
)
def test_what_is_no_photo_is_refused(shop, desk, content):
    page = desk("portrait", data={"upload": SimpleUploadedFile("photo.jpg", content, "image/jpeg")})

    shop.refresh_from_db()
    assert page.context["form"].errors["upload"]
    assert (bool(shop.photo), shop.pictures.count(), files()) == (False, 0, set())


def test_the_story_has_paragraphs_and_no_html(shop, desk):
    fields = {"email": shop.email, "lead_minutes": "60", "answer_minutes": "60"}
    desk("shop", data=fields | {"story": "Depuis 1920.\n\nAu <b>levain</b>."})

    page = Client().get(shop.get_absolute_url()).content.decode()

    assert "<p>Depuis 1920.</p>" in page
    assert "<p>Au &lt;b&gt;levain&lt;/b&gt;.</p>" in page
