"""Addresses and fields with letters that no database holds: a page that is not there, or a form with an error, never a fault."""

import pytest
from django.test import Client

from tests.factories import make_user
from tests.pickup.makers import make_bank

pytestmark = pytest.mark.django_db
NUL, HALF, OVERLONG, RAW = "%00", "%ED%A0%80", "%C0%80", "%FF%FE"
ADDRESSES = [
    "/commande/{}/",
    "/commande/{}/code/",
    "/commande/partage/{}/",
    "/commande/paiement/retour/?p={}",
    "/recherche/?q={}",
    "/boutiques/?metier={}",
    "/exploitation/recherche/?q=a{}b",
    "/exploitation/consignes/<bank>/journal/?casier={}&genre={}&jour={}&page={}",
    "/connexion/?next=/{}",
    "/media/{}",
    "/{}",
    "/fr/{}/",
]


@pytest.mark.parametrize("letters", [NUL, HALF, OVERLONG, RAW], ids=["NUL", "half a pair", "overlong NUL", "no UTF-8"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_with_strange_letters_is_no_fault(address, letters):
    bank, client = make_bank("S"), Client()
    client.force_login(make_user(is_staff=True))

    answer = client.get(address.replace("<bank>", str(bank.pk)).replace("{}", f"x{letters}y"))

    assert answer.status_code in (200, 302, 400, 404)


@pytest.mark.parametrize("secret", ["", "\0", "x" * 5000, "é"])
@pytest.mark.parametrize("bank", ["", "x" * 5000, "é"])
def test_a_bank_with_a_strange_name_is_not_known(bank, secret):
    """No NUL in the name: HTTP servers refuse that before us."""
    answer = Client().get("/tlp/1/authlist", headers={"X-Bank": bank, "Authorization": f"Bearer {secret}"})

    assert answer.status_code == 401
