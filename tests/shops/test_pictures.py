"""Pictures that come after the goods: each once, from the public web or a ZIP, and never in the way of a product."""

import io
import time
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from marketplace.foundation.outside import Network
from shops.imports import pictures
from shops.imports.fetching import NotNow
from shops.imports.pictures import PAUSES, send_archive, want, work_due
from shops.models import PictureArchive, PictureWanted
from tests.factories import make_product, make_shop
from tests.outside import http, serving
from tests.shops.desk_cases import posting_desk
from tests.shops.test_archives import zipped

pytestmark = pytest.mark.django_db


def jpeg(color: str = "orange") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(file, "JPEG")
    return file.getvalue()


def color_of(sheet) -> tuple[int, ...]:
    sheet.refresh_from_db()
    with Image.open(sheet.photo) as image:
        return tuple(round(part / 64) for part in image.convert("RGB").getpixel((5, 5)))


@pytest.fixture
def sheet():
    return make_product(make_shop(), "Pain")


def test_a_picture_arrives_once_and_the_same_wish_fetches_nothing_again(sheet):
    with serving(http(jpeg("blue"), Content_Type="text/html")) as server:
        want(sheet, "http://shop.example/a.jpg | http://shop.example/b.jpg", alt="Le pain")
        first = work_due(seconds=30, network=server.network())
        sheet.refresh_from_db()
        want(sheet, "http://shop.example/a.jpg|http://shop.example/b.jpg", alt="Le pain")
        second = work_due(seconds=30, network=server.network())

    assert (first, second, server.calls) == (1, 0, 1)
    assert color_of(sheet) == (0, 0, 4)
    assert sheet.photo_alt == "Le pain"
    assert sheet.wanted_picture.got_at


def test_another_address_brings_another_picture(sheet):
    with serving(http(jpeg("blue")), http(jpeg("red"))) as server:
        want(sheet, "http://shop.example/a.jpg")
        work_due(seconds=30, network=server.network())
        want(sheet, "http://shop.example/b.jpg")
        work_due(seconds=30, network=server.network())

    assert server.calls == 2
    assert color_of(sheet) == (4, 0, 0)


@pytest.mark.parametrize(
    "answer",
    [
        http(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", Content_Type="image/svg+xml"),
        http(b"<html><body>login</body></html>", Content_Type="image/jpeg"),
        http(b"GIF89a<script>alert(1)</script>", Content_Type="image/gif"),
        http(b"", status="404 Not Found"),
        http(b"", status="403 Forbidden"),
        http(b""),
        b"HTTP/1.1 200 OK\r\nContent-Length: 314572800\r\n\r\n",
        http(status="302 Found", Location="http://127.0.0.1/"),
    ],
    ids=range(8),
)
def test_what_is_no_picture_is_given_up_with_a_sentence_and_the_product_stays(sheet, answer):
    with serving(answer) as server:
        network = server.network()._replace(
            resolve=lambda host, port: [("localhost" if host == "shop.example" else host, server.port)],
            allows=lambda number: number == "localhost",
        )
        want(sheet, "http://shop.example/a.jpg")
        got = work_due(seconds=30, network=network)

    wanted = PictureWanted.objects.get()
    assert (got, server.calls) == (0, 1)
    assert (wanted.is_given_up, wanted.got_at, wanted.archive) == (True, None, None)
    assert wanted.error.endswith(".")
    sheet.refresh_from_db()
    assert not sheet.photo


def test_a_picture_with_a_picture_before_a_script_loses_the_script(sheet):
    with serving(http(jpeg("blue") + b"<script>alert(1)</script>")) as server:
        want(sheet, "http://shop.example/a.jpg")
        work_due(seconds=30, network=server.network())

    sheet.refresh_from_db()
    assert b"script" not in sheet.photo.read()


def test_an_address_of_our_own_house_is_not_called(sheet):
    with serving(http(jpeg())) as server:
        want(sheet, "http://shop.example/a.jpg")
        got = work_due(seconds=30, network=Network(resolve=lambda host, port: [("127.0.0.1", server.port)]))

    assert (got, server.calls) == (0, 0)
    assert PictureWanted.objects.get().is_given_up


def test_a_server_that_is_down_is_asked_again_after_growing_pauses_and_then_given_up(sheet):
    tried = []
    with time_machine.travel("2026-11-29 12:00", tick=False) as clock, serving(http(status="503 Busy")) as server:
        want(sheet, "http://shop.example/a.jpg")
        while PictureWanted.objects.waiting().exists():
            clock.move_to(PictureWanted.objects.get().try_at)
            tried.append(timezone.now())
            work_due(seconds=30, network=server.network())
            work_due(seconds=30, network=server.network())

    assert server.calls == len(PAUSES) + 1
    assert [later - earlier for earlier, later in zip(tried, tried[1:], strict=False)] == PAUSES
    assert PictureWanted.objects.get().is_given_up


def test_a_silent_server_is_asked_once_for_all_its_pictures_and_others_get_theirs():
    shop = make_shop()
    first, second, other = (make_product(shop) for _number in range(3))
    with serving() as gone:
        pass  # nobody listens there any more
    with serving(http(jpeg())) as server:
        ports = {"gone.example": gone.port, "shop.example": server.port}
        asked = []

        def resolve(host, port):
            asked.append(host)
            return [("127.0.0.1", ports[host])]

        for sheet, host in ((first, "gone"), (second, "gone"), (other, "shop")):
            want(sheet, f"http://{host}.example/{sheet.pk}.jpg")
        got = work_due(seconds=30, network=Network(resolve=resolve, allows=lambda number: True))

    assert got == 1
    assert asked == ["gone.example", "shop.example"]
    assert PictureWanted.objects.waiting().count() == 2


def test_a_silent_second_server_silences_neither_the_first_nor_an_archive():
    """Or the file of one shop would hold up the pictures of all others."""
    shop = make_shop()
    first, second, packed = (make_product(shop) for _number in range(3))
    with serving() as gone:
        pass
    with serving(http(status="404 Not Found"), http(jpeg("red"))) as server:
        ports = {"gone.example": gone.port, "shop.example": server.port}
        network = Network(resolve=lambda host, port: [("127.0.0.1", ports[host])], allows=lambda number: True)
        want(first, "http://shop.example/a.jpg | a.jpg | http://gone.example/a.jpg")
        want(second, "http://shop.example/b.jpg")
        send_archive(shop, SimpleUploadedFile("a.zip", zipped((f"{packed.reference}.jpg", jpeg())).getvalue()))
        got = work_due(seconds=30, network=network)

    assert got == 2
    assert PictureWanted.objects.waiting().get().sheet == first


def test_many_slow_servers_of_one_product_do_not_hold_up_the_others(sheet, monkeypatch):
    asked = []

    def slow(address, **_how):
        asked.append(address)
        time.sleep(0.02)
        raise NotNow("Too slow.")

    monkeypatch.setattr(pictures, "fetch", slow)
    want(sheet, "|".join(f"http://{number}.example/a.jpg" for number in range(10)))

    work_due(seconds=0.01)

    assert asked == ["http://0.example/a.jpg"]
    assert PictureWanted.objects.waiting().get().try_at > timezone.now()


@pytest.mark.parametrize("address", ["http://[", "https://[x]/a.jpg", "http://", "http:///a.jpg", "http://a\u2100b/"])
def test_an_address_that_is_none_is_given_up_and_the_next_product_gets_its_picture(sheet, address):
    other = make_product(sheet.shop)
    with serving(http(jpeg())) as server:
        want(sheet, address)
        want(other, "http://shop.example/a.jpg")
        got = work_due(seconds=30, network=server.network())

    assert got == 1
    assert PictureWanted.objects.get(is_given_up=True).error.endswith(".")


def test_a_picture_that_kills_its_worker_each_time_is_given_up(sheet, monkeypatch):
    killed = []
    monkeypatch.setattr(pictures, "find", lambda *args, **more: killed.append(1) or (_ for _ in ()).throw(SystemExit))
    want(sheet, "http://shop.example/a.jpg")

    with time_machine.travel("2026-11-29 12:00", tick=False) as clock:
        PictureWanted.objects.update(try_at=timezone.now())
        for _hour in range(20):
            with suppress(SystemExit):
                work_due(seconds=30)
            clock.shift(timedelta(hours=1))

    assert len(killed) == len(PAUSES) + 1
    assert PictureWanted.objects.get().is_given_up


def test_the_second_address_is_tried_when_the_first_has_nothing(sheet):
    with serving(http(status="404 Not Found"), http(jpeg("red"))) as server:
        want(sheet, "http://shop.example/a.jpg | http://shop.example/b.jpg")
        work_due(seconds=30, network=server.network())

    assert color_of(sheet) == (4, 0, 0)


def test_a_killed_worker_loses_its_picture_to_the_next_one(sheet, monkeypatch):
    with serving(http(jpeg())) as server:
        want(sheet, "http://shop.example/a.jpg")
        with monkeypatch.context() as killed:
            killed.setattr(pictures, "find", lambda *args, **more: (_ for _ in ()).throw(SystemExit))
            with pytest.raises(SystemExit):
                work_due(seconds=30, network=server.network())
        at_once = work_due(seconds=30, network=server.network())
        with time_machine.travel(timezone.now() + timedelta(minutes=11)):
            later = work_due(seconds=30, network=server.network())

    assert (at_once, later, server.calls) == (0, 1, 1)


def test_a_wish_that_changes_meanwhile_keeps_the_new_one(sheet):
    with serving(http(jpeg("blue"))) as server:

        def network_that_changes():
            want(sheet, "http://shop.example/new.jpg")
            return [("127.0.0.1", server.port)]

        want(sheet, "http://shop.example/old.jpg")
        got = pictures.work_due(
            seconds=0.0001, network=server.network()._replace(resolve=lambda host, port: network_that_changes())
        )

    wanted = PictureWanted.objects.get()
    assert got == 0
    assert (wanted.sources, wanted.got_at) == (["http://shop.example/new.jpg"], None)


def test_a_zip_gives_every_product_its_own_picture_and_goes():
    shop = make_shop()
    bread, jam, plain = (
        make_product(shop, "Pain", ean="3017620422003"),
        make_product(shop, "Confiture"),
        make_product(shop),
    )
    want(jam, "images/La Confiture.JPG")
    theirs = make_product(make_shop())
    made = zipped(
        ("3017620422003.jpg", jpeg("blue")),
        ("la-confiture.jpg", jpeg("red")),
        (f"{theirs.reference}.jpg", jpeg("green")),
        (f"{plain.reference}.jpg", b"<svg/>"),
    )

    count, nobody = send_archive(shop, SimpleUploadedFile("a.zip", made.getvalue()))
    stored = PictureArchive.objects.get().file
    got = work_due(seconds=30)

    assert (count, nobody, got) == (3, [f"{theirs.reference}.jpg"], 2)
    assert (color_of(bread), color_of(jam)) == ((0, 0, 4), (4, 0, 0))
    assert PictureWanted.objects.get(is_given_up=True).sheet == plain
    assert PictureArchive.objects.count() == 1  # one picture could still be tried again

    with time_machine.travel(timezone.now() + timedelta(days=31)):
        work_due(seconds=30)

    assert not PictureArchive.objects.exists()
    assert not stored.storage.exists(stored.name)


def test_an_archive_of_which_nothing_is_wanted_any_more_goes_with_its_file(sheet):
    send_archive(sheet.shop, SimpleUploadedFile("a.zip", zipped((f"{sheet.reference}.jpg", jpeg())).getvalue()))
    stored = PictureArchive.objects.get().file

    work_due(seconds=30)

    assert not PictureArchive.objects.exists()
    assert not stored.storage.exists(stored.name)
    sheet.refresh_from_db()
    assert sheet.photo


def test_the_desk_shows_what_is_on_its_way_what_failed_and_whose_name_fits_nobody():
    desk = posting_desk()
    sheet = make_product(desk.shop, "Pain")
    lost = make_product(desk.shop, "Gâteau")
    PictureWanted.objects.create(sheet=lost, sources=["x.jpg"], is_given_up=True, error="Il manque.")
    made = zipped((f"{sheet.reference}.jpg", jpeg()), ("IMG_1.jpg", jpeg()))

    page = desk("pictures", file=SimpleUploadedFile("a.zip", made.getvalue()))

    text = page.content.decode()
    assert page.context["nobody"] == ["IMG_1.jpg"]
    assert (page.context["waiting"], page.context["given_up_count"]) == (1, 1)
    assert "Il manque." in text
    assert reverse("desk:product", args=[desk.shop.slug, lost.pk]) in text

    desk("pictures_again")

    assert not PictureWanted.objects.filter(is_given_up=True).exists()


@pytest.mark.parametrize("content", [b"", b"plain", zipped(("a.jpg", bytes(5_000_000))).getvalue()[:-10]])
def test_a_file_that_is_no_archive_is_refused_beside_the_field(content):
    desk = posting_desk()

    page = desk("pictures", file=SimpleUploadedFile("a.zip", content))

    assert set(page.context["form"].errors) == {"file"}
    assert not PictureArchive.objects.exists()
