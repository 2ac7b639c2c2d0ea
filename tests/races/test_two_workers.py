"""Two workers write the same catalogue file at the same moment: each row once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shops import shelving
from shops.imports import sending
from shops.models import CatalogueImport, ProductChange
from tests.factories import make_product, make_shop
from tests.races.racing import meeting, race, unlock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def write_twice() -> int:
    """How often the one changed row was written."""
    shop = make_shop()
    known = make_product(shop, "Sel", price="2.00", stock=5)
    text = f"reference;nom;prix;stock\n{known.reference};Sel fin;2,50;5\n".encode()
    file = sending.receive(shop, SimpleUploadedFile("a.csv", text), by=None)
    sending.begin(CatalogueImport.objects.get(pk=file.pk), by=None)

    with meeting((shelving, "save")):
        race(lambda number: sending.step(CatalogueImport.objects.get(pk=file.pk)), 2)

    known.product.refresh_from_db()
    assert known.product.title == "Sel fin"
    return ProductChange.objects.filter(sheet=known, field="title").count()


def test_a_row_is_written_by_one_of_two_workers():
    assert write_twice() == 1


def test_control_without_the_locks_both_write_it(monkeypatch):
    unlock(monkeypatch)

    assert write_twice() == 2
