"""Files with faults and files of other systems, from the upload to the shelf: each fault named, nothing half done."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from shops.imports import sending
from shops.imports.reading import Unreadable
from shops.models import CategoryTranslation, PictureWanted
from tests.factories import make_category, make_shop
from tests.shops.desk_cases import client_of
from tests.shops.dialects_of import SHOPIFY, WOO, heads
from tests.shops.test_files import finish, run, send, verdicts

pytestmark = pytest.mark.django_db
FAULTY = Path(settings.BASE_DIR) / "marketplace" / "demo" / "catalogues" / "librairie-erreurs.csv"


@pytest.fixture
def shop():
    return make_shop()


def csv_of(line: str, *rows: dict[str, str]) -> str:
    headers = heads(line)
    return "\n".join([line, *(",".join(row.get(header, "") for header in headers) for row in rows)])


def test_each_faulty_row_is_named_with_its_cause_and_the_good_ones_are_imported(shop):
    with translation.override("fr"):
        file = send(shop, FAULTY.read_bytes(), "librairie-erreurs.csv")

    refused = {row.line: [name for name, _text in row.problems] for row in file.rows.filter(verdict="refuse")}
    assert (file.encoding, file.separator, file.ignored) == ("cp1252", ";", ["Couleur préférée"])
    assert refused == {
        4: ["ean"], 6: ["price"], 8: ["title"], 10: ["reference"], 12: ["price"], 14: ["title"], 16: ["title"], 18: ["vat_rate"],
        20: ["price"], 24: ["price", "stock"],
    }  # fmt: skip
    assert "9780201633611" in file.rows.get(line=4).problems[0][1]

    run(file)
    assert shop.sheets.count() == 29


def test_an_upload_of_300_megabytes_is_refused_without_being_read(shop):
    upload = SimpleNamespace(size=300 * 1024**2, name="grand.csv")

    with pytest.raises(Unreadable, match="25"):
        sending.receive(shop, upload, by=None)

    assert not shop.catalogue_imports.exists()


def test_a_file_without_end_of_quotation_marks_is_unreadable_and_says_where(shop):
    file = send(shop, 'reference;nom;prix;stock\nA1;Un;1;1\nA2;"Deux;2;2\n')

    assert file.status == file.Status.UNREADABLE
    assert "3" in file.error
    assert not file.rows.exists()


def test_a_shopify_export_becomes_a_family_with_pictures_to_fetch(shop):
    first = {
        "Handle": "bougie", "Title": "Bougie", "Body (HTML)": "<p>Cire <b>d’abeille</b></p>", "Published": "TRUE",
        "Option1 Name": "Taille", "Option1 Value": "Petite", "Variant SKU": "B-S", "Variant Inventory Qty": "4",
        "Variant Price": "9.50", "Image Src": "https://cdn.example/b.jpg", "Status": "active",
    }  # fmt: skip
    second = {"Handle": "bougie", "Option1 Value": "Grande", "Variant SKU": "B-L", "Variant Price": "15.00"}
    text = csv_of(SHOPIFY, first, second)

    file = run(send(shop, text))

    family = shop.families.get()
    assert file.dialect == "Shopify"
    assert (family.title, family.options) == ("Bougie", ["Taille"])
    assert sorted(sheet.title for sheet in family.sheets.all()) == ["Bougie, Grande", "Bougie, Petite"]
    assert {sheet.product.description for sheet in family.sheets.select_related("product")} == {"Cire d’abeille"}
    assert [wanted.sources for wanted in PictureWanted.objects.all()] == [["https://cdn.example/b.jpg"]] * 2
    assert set(verdicts(send(shop, text)).values()) == {"same"}


def test_their_categories_are_filed_once_and_remembered(shop):
    ours = make_category("Épicerie > Boissons")
    row = {
        "ID": "1",
        "Type": "simple",
        "SKU": "S1",
        "Name": "Sirop",
        "Published": "1",
        "Regular price": "5",
        "Categories": "Drinks",
    }
    text = csv_of(WOO, row | {"Stock": "3", "In stock?": "1"})
    file = send(shop, text)
    assert file.open_aisles == {"Drinks": 1}

    CategoryTranslation.objects.create(shop=shop, theirs="Drinks", ours=ours)
    sending.judge_again(file)
    finish(file)
    assert file.open_aisles == {}
    run(file)

    assert shop.sheets.get().product.categories.get() == ours
    assert send(shop, text).open_aisles == {}
    assert send(make_shop(), text).open_aisles == {"Drinks": 1}


def test_a_formula_in_a_foreign_file_stays_refused_and_a_dash_is_text(shop):
    rows = [
        {"ID": "1", "Type": "simple", "SKU": "S1", "Name": "=cmd()", "Published": "1", "Regular price": "5"},
        {"ID": "2", "Type": "simple", "SKU": "S2", "Name": "- Sirop", "Published": "1", "Regular price": "-5"},
        {"ID": "3", "Type": "simple", "SKU": "S3", "Name": "- Sirop", "Published": "1", "Regular price": "5"},
    ]

    file = send(shop, csv_of(WOO, *rows))

    assert verdicts(file) == {2: "refuse", 3: "refuse", 4: "create"}
    assert [row.problems[0][0] for row in file.rows.filter(verdict="refuse")] == ["title", "price"]


def test_a_spreadsheet_goes_the_same_way(shop):
    from tests.shops.spreadsheets_of import xlsx

    content = xlsx(["Référence", "Nom", "Prix", "Stock"], ["A1", "Sel", 2.5, 4], ["A2", "Poivre", -1, 4])
    file = sending.receive(shop, SimpleUploadedFile("a.xlsx", content), by=None)
    file.refresh_from_db()

    assert (file.format, verdicts(file)) == ("XLSX", {2: "create", 3: "refuse"})
    run(file)
    assert str(shop.sheets.with_all().get().price) == "2.50"


def test_turning_the_page_keeps_what_was_typed_and_chosen(shop):
    rows = "".join(f"A{number};Article {number};1;1\n" for number in range(30))
    file = send(shop, f"reference;nom;prix;stock\n{rows}")
    client = client_of(shop)
    fields = {"show": "create", "page": ["1", "2"], "shown": ["2", "3"], "take": ["3"], "cell-3-1": "Autre"}

    answer = client.post(reverse("desk:import_rows", args=[shop.slug, file.pk]), fields)

    assert answer.url.endswith("?show=create&page=2")
    assert client.get(answer.url).context["page"].number == 2
    assert file.rows.to_write().count() == 29
    assert file.rows.get(line=3).title == "Autre"
