"""A catalogue file at the desk: previewed, corrected, written in parts, taken back. Nothing is written before it is confirmed."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shops import products
from shops.imports import sending, writing
from shops.imports.sending import ImportRefused
from shops.models import CatalogueImport, PictureWanted, ProductSheet
from tests.factories import make_product, make_shop
from tests.shops.orders_of import place

pytestmark = pytest.mark.django_db
HEAD = "reference;nom;prix;stock;rayon;description\n"
Status = CatalogueImport.Status


@pytest.fixture
def shop():
    return make_shop("Épicerie", opening_hours="24/7")


def send(shop, text: str | bytes, name: str = "catalogue.csv") -> CatalogueImport:
    content = text if isinstance(text, bytes) else text.encode()
    file = sending.receive(shop, SimpleUploadedFile(name, content), by=None)
    file.refresh_from_db()
    return file


def run(file: CatalogueImport) -> CatalogueImport:
    sending.begin(file, by=None)
    return finish(file)


def finish(file: CatalogueImport) -> CatalogueImport:
    sending.work_due(seconds=60)
    file.refresh_from_db()
    return file


def verdicts(file: CatalogueImport) -> dict[int, str]:
    return dict(file.rows.order_by("line").values_list("line", "verdict"))


def test_a_preview_says_of_each_row_what_it_would_do_and_writes_nothing(shop):
    known, same = make_product(shop, "Sel", price="2.00", stock=5), make_product(shop, "Poivre", price="3.00", stock=1)
    text = f"{HEAD}{known.reference};Sel fin;2,50;5;;\n{same.reference};Poivre;3;1;;\nN1;Miel;8,90;4;Épicerie;\nN2;;1;1;;\n"

    file = send(shop, text)

    assert file.status == Status.PREVIEWED
    assert verdicts(file) == {2: "change", 3: "same", 4: "create", 5: "refuse"}
    assert file.rows.get(line=2).changes == {"title": ["Sel", "Sel fin"], "price": ["2.00", "2.50"]}
    assert shop.sheets.count() == 2
    assert known.product.title == "Sel"


def test_the_chosen_rows_are_written_and_no_other(shop):
    file = send(shop, f"{HEAD}A1;Un;1;1;;\nA2;Deux;2;2;;\nA3;Trois;3;3;;\n")

    sending.choose(file, shown={2, 3, 4}, chosen={2, 4})
    run(file)

    assert file.status == Status.DONE
    assert list(shop.sheets.order_by("reference").values_list("reference", flat=True)) == ["A1", "A3"]


def test_a_corrected_cell_makes_its_row_good_and_frees_its_double(shop):
    file = send(shop, f"{HEAD}A1;Un;-1;1;;\nA2;Deux;2;2;;\nA2;Trois;3;3;;\n")
    assert verdicts(file) == {2: "refuse", 3: "create", 4: "refuse"}

    sending.correct(file, {2: {2: "1,50"}})
    sending.correct(file, {3: {0: "A3"}})

    assert verdicts(file) == {2: "create", 3: "create", 4: "create"}
    run(file)
    assert set(shop.sheets.values_list("reference", "product__title")) == {
        ("A1", "Un"),
        ("A3", "Deux"),
        ("A2", "Trois"),
    }


def test_columns_that_nobody_knows_are_assigned_by_hand(shop):
    file = send(shop, "Machin;Truc;Bidule;Chose\nA1;Un;1,20;7\n")
    assert verdicts(file) == {2: "refuse"}

    sending.assign(file, {"reference": 0, "title": 1, "price": 2, "stock": 3})
    file.refresh_from_db()

    assert verdicts(file) == {2: "create"}
    with pytest.raises(ImportRefused):
        sending.assign(file, {"title": 1})


def test_prices_of_known_products_come_without_their_names(shop):
    known = make_product(shop, "Sel", price="2.00", stock=5)

    file = run(send(shop, f"reference;prix\n{known.reference};2,20\nNEU;1\n"))

    known.stock.refresh_from_db()
    assert (str(known.stock.price), known.stock.num_in_stock) == ("2.20", 5)
    assert file.rows.get(line=3).verdict == "refuse"
    assert shop.sheets.count() == 1


def test_a_file_is_imported_once_however_often_it_is_confirmed(shop):
    file = run(send(shop, f"{HEAD}A1;Un;1;1;;\n"))
    products.update(shop.sheets.get(), title="Autre")

    with pytest.raises(ImportRefused):
        sending.begin(file, by=None)
    sending.work_due(seconds=5)

    assert shop.sheets.get().title == "Autre"


def test_a_worker_killed_between_two_parts_loses_and_doubles_nothing(shop, monkeypatch):
    monkeypatch.setattr(writing, "AT_ONCE", 2)
    file = send(shop, HEAD + "".join(f"A{n};Article {n};1;1;;\n" for n in range(5)))
    sending.begin(file, by=None)
    sending.step(file)
    assert shop.sheets.count() == 2

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying, pytest.raises(KeyboardInterrupt):
        dying.setattr(sending, "_save", die)
        sending.step(file)
    assert shop.sheets.count() == 2

    finish(file)
    assert (file.status, shop.sheets.count()) == (Status.DONE, 5)


def test_a_reference_taken_meanwhile_is_changed_and_not_doubled(shop):
    file = send(shop, f"{HEAD}A1;Un;1;1;;\nA2;Deux;2;2;;\n")
    products.create(shop, title="Déjà", price=9, stock=9, vat_rate=20, reference="A1")

    run(file)

    assert [row.outcome for row in file.rows.order_by("line")] == ["change", "create"]
    assert set(shop.sheets.values_list("reference", "product__title")) == {("A1", "Un"), ("A2", "Deux")}


def test_an_undo_takes_back_what_nobody_touched_and_names_the_rest(shop):
    old, edited = make_product(shop, "Sel", price="2.00", stock=5), make_product(shop, "Poivre", price="3.00", stock=1)
    text = f"{HEAD}{old.reference};Sel fin;2,50;9;;\n{edited.reference};Poivre noir;3;1;;\nN1;Miel;8;4;;\nN2;Sirop;5;4;;\nN3;Thé;5;4;;\n"
    file = run(send(shop, text))
    products.update(edited, title="Poivre blanc")
    products.update(shop.sheets.get(reference="N3"), title="Thé vert")
    place((shop.sheets.get(reference="N2"), 1), (old, 2))

    sending.undo(file, by=None)
    finish(file)

    assert file.status == Status.UNDONE
    now = {sheet.reference: sheet for sheet in shop.sheets.with_all()}
    assert set(now) == {old.reference, edited.reference, "N2", "N3"}
    assert (now[old.reference].title, str(now[old.reference].price), now[old.reference].left) == ("Sel", "2.00", 3)
    assert (now[edited.reference].title, now["N3"].title) == ("Poivre blanc", "Thé vert")
    assert not now["N2"].product.is_public
    assert [row.undone for row in file.rows.order_by("line")] == ["back", "edited", "back", "sold", "edited"]


def test_a_formula_is_refused_and_an_apostrophe_lets_it_be_text(shop):
    file = send(shop, f"{HEAD}A1;=1+1;1;1;;\nA2;'=1+1;1;1;;\nA3;Sel;1;1;;- fin\nA4;Sel;1;1;;'- fin\n")

    assert verdicts(file) == {2: "refuse", 3: "create", 4: "refuse", 5: "create"}


def test_a_cell_of_a_million_letters_is_refused_for_its_length(shop):
    file = send(shop, f"{HEAD}A1;{'x' * 1_000_000};1;1;;\n")
    finish(file)

    [row] = file.rows.all()
    assert row.verdict == "refuse"
    assert "255" in row.problems[0][1]
    assert len(row.cells[1]) <= 6_000


def test_pictures_are_wanted_once(shop):
    text = "reference;nom;prix;stock;photo\nA1;Un;1;1;https://img.example/a.jpg\n"

    run(send(shop, text))
    again = send(shop, text)

    assert PictureWanted.objects.get().sources == ["https://img.example/a.jpg"]
    assert verdicts(again) == {2: "same"}


def test_variants_come_as_a_family_and_stay_one(shop):
    head = "reference;nom;famille;option 1;option 2;prix;stock\n"
    rows = ["P1;Pull;Pull;Taille: M;Couleur: bleu;40;2", "P2;Pull;Pull;Taille: L;Couleur: bleu;42;1"]
    text = head + "\n".join([*rows, "P3;Pull;Pull;Taille: L;Couleur: bleu;1;1"])
    file = run(send(shop, text))

    family = shop.families.get()
    assert (family.title, family.options) == ("Pull", ["Taille", "Couleur"])
    assert sorted(sheet.title for sheet in family.sheets.all()) == ["Pull, L, bleu", "Pull, M, bleu"]
    assert file.rows.get(line=4).verdict == "refuse"
    assert list(verdicts(send(shop, text)).values()) == ["same", "same", "refuse"]


def test_writing_needs_less_than_one_statement_a_row(shop):
    file = send(shop, HEAD + "".join(f"A{n};Article {n};1;1;Rayon;\n" for n in range(400)))
    sending.begin(file, by=None)

    with CaptureQueriesContext(connection) as captured:
        sending.work_due(seconds=60)

    assert shop.sheets.count() == 400
    assert len(captured) < 200
    assert ProductSheet.objects.filter(product__categories__name="Rayon").count() == 400


def test_files_of_long_ago_are_forgotten_and_their_products_stay(shop):
    old, recent = run(send(shop, f"{HEAD}A1;Un;1;1;;\n")), send(shop, f"{HEAD}A2;Deux;1;1;;\n")
    CatalogueImport.objects.filter(pk=old.pk).update(created_at=old.created_at - timedelta(days=91))

    assert sending.forget() == 1

    assert CatalogueImport.objects.get() == recent
    assert not old.file.storage.exists(old.file.name)
    assert shop.sheets.get().reference == "A1"


def test_what_lacks_something_that_the_law_asks_for_comes_hidden_and_stays_the_same(shop):
    shop.trade = "grocery"
    shop.save()
    text = "reference;nom;prix;stock;visible\nA1;Biscuits;1;1;oui\n"

    run(send(shop, text))
    again = send(shop, text)

    assert not shop.sheets.get().product.is_public
    assert verdicts(again) == {2: "same"}


def test_the_stock_of_daily_goods_is_that_of_today(shop):
    bread = make_product(shop, "Pain", price="2.00", stock=0, daily_stock=20)

    run(send(shop, f"reference;stock\n{bread.reference};7\n"))

    bread.refresh_from_db()
    assert (bread.left, bread.daily_stock) == (7, 20)
