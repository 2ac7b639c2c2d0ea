"""Every address of the API, with every kind of key that should not open it: nothing leaks, nothing changes, by construction."""

import pytest

from shops.api.urls import api
from shops.models import ShopEvent, TillAnswer
from shops.tills import keys
from tests.shops.api.calls import Till, make_key
from tests.shops.desk_cases import SECRETS, Town, everything

pytestmark = pytest.mark.django_db
BODIES = {
    "/stock": lambda town, shop: {"lines": [{"reference": town.product(shop).reference, "stock": 1, "price": "0.01"}]},
}
OPERATIONS = [
    (method, path.removeprefix("/api/v1"))
    for path, operations in api.get_openapi_schema()["paths"].items()
    for method in operations
]
every_operation = pytest.mark.parametrize(("method", "path"), OPERATIONS)


@pytest.fixture
def town():
    return Town()


def ask(till: Till, method: str, path: str, town: Town, *, objects_of):
    """The call of an address about the objects of a shop."""
    path = path.replace("{number}", town.order(objects_of).number)
    return till.get(path) if method == "get" else till.post(path, BODIES[path](town, objects_of))


def all_rows() -> list:
    """All that an API could change."""
    return [*everything(), list(TillAnswer.objects.values()), list(ShopEvent.objects.order_by("pk").values())]


def test_the_walk_knows_every_address():
    assert len(OPERATIONS) >= 4
    assert {path for method, path in OPERATIONS if method != "get"} == set(BODIES)


@every_operation
def test_the_own_key_opens(town, method, path):
    answer = ask(Till(make_key(town.ours)[1]), method, path, town, objects_of=town.ours)

    assert answer.status_code == 200
    assert not any(secret in answer.content.decode() for secret in SECRETS)


@every_operation
@pytest.mark.parametrize("secret", ["none", "wrong", "withdrawn"])
def test_without_a_valid_key_there_is_nothing(town, method, path, secret):
    key, withdrawn = make_key(town.ours)
    keys.revoke(key)
    till = Till({"none": None, "wrong": "halles_" + "x" * 43, "withdrawn": withdrawn}[secret])
    before = all_rows()

    answer = ask(till, method, path, town, objects_of=town.ours)

    assert answer.status_code == 401
    assert all_rows() == before


@every_operation
def test_a_neighbours_key_sees_and_changes_nothing_of_ours(town, method, path):
    till = Till(make_key(town.theirs)[1])
    ask(till, method, path, town, objects_of=town.theirs)  # from now on the key was used, the events are numbered
    ours = _of(town.ours)

    answer = ask(till, method, path, town, objects_of=town.ours)

    assert answer.status_code in (200, 404)
    assert "Notre pain" not in answer.content.decode()
    assert town.order(town.ours).number not in answer.content.decode()
    if method != "get":
        assert {line["outcome"] for line in answer.json()["lines"]} == {"unknown"}
    assert _of(town.ours) == ours


def _of(shop) -> list:
    rows = [shop.sheets, shop.shop_orders, shop.events, shop.till_keys, shop.hooks]
    return [list(each.order_by("pk").values()) for each in rows] + [
        list(shop.sheets.order_by("pk").values_list("stock__price", "stock__num_in_stock", "stock__num_allocated"))
    ]


@every_operation
@pytest.mark.parametrize("right", ["may_stock", "may_orders"])
def test_a_key_that_may_only_one_thing_may_not_the_other(town, method, path, right):
    needs = "may_orders" if path.startswith("/orders") else "may_stock"
    till = Till(make_key(town.ours, **{right: False})[1])

    answer = ask(till, method, path, town, objects_of=town.ours)

    assert answer.status_code == (403 if right == needs else 200)


@every_operation
@pytest.mark.parametrize("other", ["get", "post", "put", "patch", "delete", "head", "options"])
def test_no_other_kind_of_call_does_anything(town, method, path, other, client):
    if other == method:
        return
    path = path.replace("{number}", town.order(town.ours).number)
    _key, secret = make_key(town.ours)
    before = all_rows()

    answer = getattr(client, other)(f"/api/v1{path}", headers={"Authorization": f"Bearer {secret}"})

    assert answer.status_code == 405
    assert all_rows() == before
