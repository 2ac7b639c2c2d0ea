"""Nonsense in any field of any form of the desk: a sentence beside the field, what was typed kept, never an error of ours."""

from datetime import date

import pytest
from django import forms
from django.utils.html import escape

from shops.payments.fake.transport import in_process
from tests.factories import make_product
from tests.shops.desk_cases import CASES, PRODUCT, Town, client_of, everything, posting_desk

pytestmark = pytest.mark.django_db

NONSENSE = [
    "", " ", "0", "-0,01", "1e400", "NaN", "1,2,3", "9" * 5000, "٣", "½", "x" * 10_000, "a\x00b", "\x07\u202e", "🥖" * 300,
    "<script>alert(1)</script>", "=1+1", "2027-02-30", "0001-01-01", "9999-12-31", "24:00",
]  # fmt: skip
FILES = (
    "import",
    "pictures",
)  # no browser shows a chosen file again: see test_imports and test_pictures
FORMS = [name for name, case in CASES.items() if case.fields and name not in FILES]


@pytest.fixture(autouse=True)
def _stripe_answers():
    """The pages of payouts ask it; without an answer each waits for two more attempts."""
    with in_process():
        yield


@pytest.fixture
def desk():
    return posting_desk()


def is_shown_again(form, field: str) -> bool:
    """Whether browsers are sent back what was typed: not so passwords, files and ticks."""
    widget = getattr(form.fields.get(field), "widget", None)
    return widget is not None and not isinstance(widget, forms.PasswordInput | forms.FileInput | forms.CheckboxInput)


@pytest.mark.parametrize("name", FORMS)
def test_nonsense_in_one_field_is_answered_and_kept(name):
    """Every field of every form in turn. What is shown again shows what was typed, with an error where it was refused."""
    town = Town()
    case = CASES[name]
    case.before(town)
    client = client_of(town.ours)
    fields = case.fields(town.ours)

    for field in fields:
        before = everything()
        for nonsense in NONSENSE:
            answer = client.post(case.address(name, town.ours, town.ours), fields | {field: nonsense})
            where = (name, field, nonsense[:20], answer.status_code)
            assert answer.status_code in (200, 302, 404, 422), where  # 404: a line that the first answer has closed
            if answer.status_code in (302, 404) or answer.context and "secret" in answer.context:  # shown this once
                before = everything()
            elif form := answer.context and answer.context.get("form"):
                page = answer.content.decode()
                assert form.errors, where
                assert all(escape(texts[0]) in page for texts in form.errors.values()), where
                if nonsense.strip() and is_shown_again(form, field) and "\x00" not in nonsense:
                    assert escape(nonsense) in page or escape(nonsense.strip()) in page, where
        assert everything() == before, (name, field)


@pytest.mark.parametrize("name", CASES)
def test_nonsense_in_every_field_at_once_is_answered(name):
    town = Town()
    CASES[name].before(town)
    client = client_of(town.ours)
    fields = CASES[name].fields(town.ours) if CASES[name].fields else {}
    address = CASES[name].address(name, town.ours, town.ours)

    for nonsense in NONSENSE:
        if fields:
            answer = client.post(address, {field: [nonsense, nonsense] for field in fields})
        else:
            answer = client.get(address, {"q": nonsense, "page": nonsense, "paper": nonsense, "ambient": nonsense})
        assert answer.status_code < 500, (name, nonsense[:20])


@pytest.mark.parametrize("name", FORMS)
def test_bytes_that_are_no_text_are_answered(name):
    town = Town()
    CASES[name].before(town)
    fields = CASES[name].fields(town.ours) or {"x": ""}
    body = "&".join(f"{field}=%ff%fe%00%c3%28" for field in fields)

    answer = client_of(town.ours).post(
        CASES[name].address(name, town.ours, town.ours), body, content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code < 500


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("title", ""),
        ("title", "x" * 10_000),
        ("title", "   "),
        ("price", "-4"),
        ("price", "0"),
        ("price", "1000000"),
        ("price", "1,305"),
        ("price", "gratuit"),
        ("stock_left", "-1"),
        ("stock_left", "1e9"),
        ("stock_left", "9" * 400),
        ("vat_rate", "19.6"),
        ("net_quantity", "-1"),
        ("net_quantity", "1e50"),
        ("volume_l", "0"),
        ("volume_l", "-5"),
        ("volume_l", "9" * 40),
        ("longest_cm", "-1"),
        ("longest_cm", "9" * 40),
        ("lead_minutes", "-1"),
        ("lead_minutes", "9" * 40),
        ("max_dwell_hours", "-1"),
        ("max_dwell_hours", "9" * 40),
        ("min_age", "200"),
        ("ean", "1234567890123"),
        ("ean", "🥖"),
        ("description", "x" * 6000),
        ("ingredients", "x" * 6000),
        ("allergens", "x" * 6000),
        ("origin", "x" * 6000),
        ("reference", "x" * 100),
        ("category", "99999"),
        ("withdrawal", "never"),
        ("title", "a\x00b"),
    ],
)
def test_a_wrong_value_of_a_product_has_its_error_at_its_own_field(desk, field, typed):
    page = desk("new_product", **PRODUCT | {field: typed})

    assert page.status_code == 200
    assert set(page.context["form"].errors) == {field}
    assert not desk.shop.sheets.exists()
    assert 'value="Croissant"' in page.content.decode() or field == "title"


@pytest.mark.parametrize(
    ("first_on", "last_on", "field"),
    [
        ("0001-01-01", "2099-01-01", "first_on"),
        ("2020-01-01", "2020-01-02", "last_on"),
        ("2027-02-30", "2027-03-01", "first_on"),
        ("2027-01-02", "2027-01-01", "last_on"),
        ("2027-01-01", "9999-12-31", "last_on"),
        ("demain", "2027-01-01", "first_on"),
        ("", "2027-01-01", "first_on"),
    ],
)
def test_days_that_make_no_sense_are_named(desk, first_on, last_on, field, time_machine):
    time_machine.move_to(date(2026, 11, 24))

    page = desk("closures", first_on=first_on, last_on=last_on)

    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert f'value="{last_on}"' in page.content.decode()
    assert not desk.shop.closures.exists()


def test_a_price_in_the_list_is_shown_again_at_its_product(desk):
    sheet = make_product(desk.shop, price="2.00", stock=3)

    page = desk("shelf", sheet.pk, **{f"{sheet.pk}-price": "-5", f"{sheet.pk}-stock": "beaucoup"})

    assert set(page.context["form"].errors) == {"price", "stock"}
    assert 'value="-5"' in page.content.decode()
    assert 'value="beaucoup"' in page.content.decode()
