"""A catalogue comes in on a small phone: corrected, confirmed, taken out again without a difference."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SHOP = "epicerie-du-quai"
FRENCH = (
    "Référence;Désignation;Rayon;Prix TTC;Stock\n"
    "J-1;Farine de sarrasin;Épicerie > Farines;4,90;12\n"
    "J-2;;Épicerie > Farines;3,20;8\n"
    "J-3;Lentilles vertes;Épicerie > Légumes secs;-2;5\n"
)
SHOPIFY = (
    "Handle,Title,Body (HTML),Type,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Status\n"
    "bougie,Bougie,<p>Cire d’abeille</p>,Bougies,TRUE,Taille,Petite,BOU-S,4,9.50,active\n"
    "bougie,,,,,,Grande,BOU-L,2,15.00,\n"
)
WOO = (
    "ID,Type,SKU,Name,Published,Description,In stock?,Stock,Regular price,Categories,Parent,Attribute 1 name,Attribute 1 value(s)\n"
    "1,simple,WOO-1,Sirop de menthe,1,<b>Frais</b>,1,6,5.40,Boissons,,,\n"
    '2,variable,WOO-2,Tablier,1,,1,,,Textile,,Couleur,"Bleu, Vert"\n'
    "3,variation,WOO-2-B,Tablier - Bleu,1,,1,3,25,,WOO-2,Couleur,Bleu\n"
)


@pytest.fixture
def files(town, desk):
    """The page of files of a shop, on a small phone."""
    page = desk(SHOP).page
    address = f"{town.site}/espace-boutique/{SHOP}/importer/"
    page.goto(address)
    return page, address


def send(page: Page, address: str, name: str, content: bytes) -> None:
    page.goto(address)
    page.get_by_label("Fichier (CSV").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Vérifier le fichier").click()
    expect(page.get_by_role("heading", name="Voici ce que ferait l’import")).to_be_visible(timeout=60_000)


def confirm(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Importer .* ligne")).click()
    expect(page.get_by_role("heading", name="Terminé")).to_be_visible(timeout=60_000)


def count(page: Page, label: str) -> str:
    return page.locator("dl.pair dt", has_text=label).locator("+ dd").inner_text()


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_files_come_in_corrected_and_go_out_without_a_difference(files):
    page, address = files

    send(page, address, "caisse.csv", FRENCH.encode("cp1252"))
    assert fits(page)
    expect(page.locator("#line-3")).to_contain_text("Cette case est vide.")
    page.locator("#line-3").get_by_label("Désignation").fill("Farine de blé")
    page.locator("#line-4").get_by_label("Prix TTC").fill("2,40")
    page.get_by_role("button", name="Enregistrer corrections et choix").click()
    assert count(page, "Nouveaux produits") == "3"
    confirm(page)

    for name, content, products in (("shopify.csv", SHOPIFY, "2"), ("woocommerce.csv", WOO, "2")):
        send(page, address, name, content.encode())
        assert fits(page)
        expect(page.get_by_text(re.compile("Reconnu comme un export de"))).to_be_visible()
        page.get_by_role("link", name="Dire une fois pour toutes laquelle est laquelle").click()
        for choice in page.get_by_role("combobox").all():
            choice.select_option(index=2)
        assert fits(page)
        page.get_by_role("button", name="Retenir ce choix").click()
        expect(page.get_by_role("link", name="Dire une fois pour toutes")).to_have_count(0)
        assert count(page, "Nouveaux produits") == products
        confirm(page)

    for kind in ("CSV", "XLSX", "ODS"):
        page.goto(address)
        with page.expect_download() as download:
            page.get_by_role("link", name=kind, exact=True).click()
        send(page, address, f"retour.{kind.lower()}", download.value.path().read_bytes())
        assert page.locator("dl.pair dt").all_inner_texts() == ["Inchangés"], page.locator("main").inner_text()

    page.goto(address)
    page.get_by_role("link", name="caisse.csv").click()
    page.get_by_text("Annuler cet import").first.click()
    page.get_by_role("button", name="Annuler cet import").click()
    expect(page.get_by_role("heading", name="Annulé")).to_be_visible(timeout=60_000)
