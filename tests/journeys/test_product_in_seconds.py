"""From the camera to a product on sale, on a phone of 360 px: in how many taps, by keyboard alone, and through a killed browser."""

import os
import re
import signal
import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests.journeys import barcodes
from tests.journeys.test_accessible import faults

pytestmark = pytest.mark.browser

SLUG, KEEPER = "boulangerie-du-pont", "boulangerie@valmont.example"
PHONE = {"width": 360, "height": 740}
ARGS = ["--no-sandbox", "--disable-background-networking", "--disable-sync"]


def snapshot(kind="JPEG", *, size=(4000, 3000)) -> dict:
    """Twelve megapixels from a phone held upright: the sensor lies on its side and EXIF says so; red is on top once turned."""
    image, exif = Image.new("RGB", size, (120, 110, 90)), Image.Exif()
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 8, size[1]), fill=(200, 30, 30))
    exif[0x0112] = 6
    file = BytesIO()
    image.save(file, kind, exif=exif)
    return {"name": f"IMG_1.{kind}", "mimeType": f"image/{kind.lower()}", "buffer": file.getvalue()}


def form_of(page, town, slug=SLUG) -> None:
    page.goto(f"{town.site}/espace-boutique/{slug}/produits/nouveau/")
    expect(page.locator("[data-product][data-ready]")).to_be_visible()


def test_six_taps_from_the_camera_to_a_product_on_sale(town, visitor, desks):
    page = visitor(size=PHONE, signed_in=desks(KEEPER))
    taps = 0

    def tap(target):
        nonlocal taps
        taps += 1
        target.click()

    page.goto(f"{town.site}/espace-boutique/{SLUG}/produits/")
    begun = time.monotonic()
    tap(page.get_by_role("link", name="Nouveau produit"))
    expect(page.locator("[data-product][data-ready]")).to_be_visible()
    with page.expect_file_chooser() as chooser:
        tap(page.get_by_label("Photo", exact=True))
    with page.expect_response("**/produits/photo/"):
        chooser.value.set_files(snapshot())
        expect(page.get_by_label("Nom", exact=True)).to_be_focused()
        page.keyboard.type("Brioche vendéenne")
    expect(page.get_by_text("La photo est arrivée.")).to_be_visible()
    assert faults(page) == []
    tap(page.get_by_label("Prix (€, TTC)"))
    page.keyboard.type("6,80")
    page.keyboard.press("Tab")
    page.keyboard.type("12")
    tap(page.locator("label", has_text="gluten"))
    tap(page.get_by_role("button", name="Mettre en vente"))
    expect(page.get_by_text(re.compile("Brioche vendéenne.* est en vente"))).to_be_visible()
    seconds = time.monotonic() - begun

    page.goto(f"{town.site}/recherche/?q=brioche+vendéenne")
    page.get_by_role("link", name="Brioche vendéenne").first.click()
    photo = page.locator(".product-photo img")
    expect(photo).to_be_visible()
    width, height = photo.evaluate(
        "async image => { await image.decode(); return [image.naturalWidth, image.naturalHeight]; }"
    )
    assert width == height
    print(f"camera to on sale: {taps} taps, {seconds:.1f} s")
    assert taps <= 6


def test_what_the_browser_cannot_read_is_turned_by_the_server(town, visitor, desks):
    page = visitor(size=PHONE, signed_in=desks(KEEPER))
    form_of(page, town)

    with (
        page.expect_response("**/produits/photo/tourner/") as turned,
        page.expect_response("**/produits/photo/") as kept,
    ):
        page.get_by_label("Photo", exact=True).set_input_files(snapshot("HEIF", size=(1200, 900)))

    assert (turned.value.status, kept.value.status) == (200, 200)
    expect(page.get_by_text("La photo est arrivée.")).to_be_visible()
    assert page.locator("[name=photo_number]").input_value()


def test_the_square_is_moved_by_keyboard(town, visitor, desks):
    page = visitor(size=PHONE, signed_in=desks(KEEPER))
    form_of(page, town)
    page.get_by_label("Photo", exact=True).set_input_files(snapshot())
    frame = page.locator("[data-frame]")
    expect(page.get_by_text("La photo est arrivée.")).to_be_visible()
    red_above = "canvas => canvas.getContext('2d').getImageData(320, 2, 1, 1).data[0]"
    before = frame.evaluate(red_above)

    frame.focus()
    for _press in range(12):
        page.keyboard.press("ArrowUp")

    assert before < 150 < frame.evaluate(red_above)


def test_a_killed_browser_loses_nothing(town, chromium, desks, tmp_path):
    def begin():
        context = chromium.browser_type.launch_persistent_context(
            tmp_path, executable_path="/usr/bin/chromium", args=ARGS, viewport=PHONE, locale="fr-FR"
        )
        context.add_cookies(desks(KEEPER)["cookies"])
        page = context.new_page()
        form_of(page, town)
        return context, page

    context, page = begin()
    page.get_by_label("Photo", exact=True).set_input_files(snapshot())
    page.get_by_label("Nom", exact=True).fill("Kouglof")
    page.get_by_label("Prix (€, TTC)").fill("14,50")
    page.locator("label", has_text="œufs").click()
    expect(page.get_by_text("La photo est arrivée.")).to_be_visible()
    page.wait_for_timeout(1000)
    kill(tmp_path)

    context, page = begin()
    expect(page.get_by_text("Vous aviez commencé")).to_contain_text("Kouglof")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_label("Nom", exact=True)).to_have_value("Kouglof")
    expect(page.get_by_label("Prix (€, TTC)")).to_have_value("14,50")
    expect(page.get_by_label("œufs")).to_be_checked()
    expect(page.get_by_text("La photo est arrivée.")).to_be_visible()
    page.get_by_label("Pièces en vente").fill("3")
    page.get_by_role("button", name="Mettre en vente").click()
    expect(page.get_by_text(re.compile("Kouglof.* est en vente"))).to_be_visible()

    form_of(page, town)
    expect(page.locator("[data-offer]")).to_be_hidden()
    context.close()


def kill(folder: Path) -> None:
    """The processes of the browser that keeps its data in `folder`, as a phone out of memory does."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if f"--user-data-dir={folder}".encode() in (entry / "cmdline").read_bytes():
                os.kill(int(entry.name), signal.SIGKILL)
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue


def test_a_barcode_before_the_camera_begins_a_new_product(town, chromium, desks, tmp_path):
    ean = "4006381333931"
    film = barcodes.film(tmp_path / "ean.y4m", ean)
    camera = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    context = chromium.browser_type.launch_persistent_context(
        tmp_path / "profile", executable_path="/usr/bin/chromium", args=ARGS + camera, viewport=PHONE, locale="fr-FR"
    )
    context.add_cookies(desks(KEEPER)["cookies"])
    page = context.new_page()

    page.goto(f"{town.site}/espace-boutique/{SLUG}/produits/scanner/")

    page.wait_for_url("**/produits/nouveau/?ean=*", timeout=30_000)
    expect(page.get_by_label("Code-barres (EAN)")).to_have_value(ean)
    assert faults(page) == []
    context.close()


def test_keyboard_alone_puts_a_product_on_sale(town, visitor, desks):
    page = visitor(size=PHONE, signed_in=desks(KEEPER))
    form_of(page, town)
    page.get_by_label("Nom", exact=True).focus()
    page.keyboard.type("Pain d’épeautre")
    page.get_by_label("Prix (€, TTC)").focus()
    page.keyboard.type("4,10")
    page.keyboard.press("Tab")
    page.keyboard.type("6")
    page.get_by_label("gluten").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Mettre en vente").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text(re.compile("Pain d’épeautre.* est en vente"))).to_be_visible()
