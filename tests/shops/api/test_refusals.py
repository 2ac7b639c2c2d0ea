"""Calls that nobody should make: answered in words, at once, with nothing changed and nothing leaked."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from shops.api.access import CALLS_A_MINUTE, LARGEST_CALL
from shops.models import TillAnswer
from tests.factories import make_product, make_shop
from tests.shops.api.calls import Till, make_key, till_of
from tests.shops.desk_cases import everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def sheet(shop):
    return make_product(shop, "Sel", stock=10)


@pytest.fixture
def till(shop):
    return till_of(shop)


def refused(answer, status: int) -> str:
    """The sentence of a problem document."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert problem["status"] == status
    return problem["detail"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 415),
        (b"{", 400),
        (b"[]", 422),
        (b"null", 422),
        (b'"x"', 422),
        (b'{"lines": []}', 422),
        (b'{"lines": {}}', 422),
        (b'{"lines": null}', 422),
        (b'{"lines": [{"reference": "R", "price": NaN}]}', 400),
        (b'{"lines": [{"reference": "R", "price": Infinity}]}', 400),
        (b'{"lines": [{"reference": "R", "stock": ' + b"9" * 5000 + b"}]}", 400),
        (b'{"lines": [{"reference": "\xff\xfe", "stock": 1}]}', 400),
        ('{"lines": [{"reference": "é", "stock": 1}]}'.encode("utf-16"), 400),
        (b'{"lines": [{"reference": "\\ud800", "stock": 1}]}', 400),
        (b"[" * 100_000, 400),
        (b'{"lines": [' + b",".join([b"1"] * 501) + b"]}", 422),
    ],
    ids=lambda value: repr(value[:50]) if isinstance(value, bytes) else value,
)
def test_a_body_that_is_no_call_is_refused_in_words(sheet, till, body, status):
    till.lines(None)  # from now on the key was used
    before = everything()

    answer = till.post("/stock", body)

    assert refused(answer, status)
    assert everything() == before


@pytest.mark.parametrize(
    "line",
    [
        {"reference": "R\x00", "stock": 1},
        {"reference": "", "stock": 1},
        {"reference": "R" * 65, "stock": 1},
        {"reference": 5, "stock": 1},
        {"ean": 3017620422003, "stock": 1},
        {"ean": "٣٠١٧٦٢٠٤٢٢٠٠٣", "stock": 1},
        {"reference": "R", "stock": True},
        {"reference": "R", "stock": "5"},
        {"reference": "R", "stock": 5.5},
        {"reference": "R", "stock": 10**30},
        {"reference": "R", "stock": -1},
        {"reference": "R", "delta": -(10**30)},
        {"reference": "R", "price": "-1"},
        {"reference": "R", "price": "0"},
        {"reference": "R", "price": "NaN"},
        {"reference": "R", "price": "1e400"},
        {"reference": "R", "price": 1e308},
        {"reference": "R", "price": "3,50"},
        {"reference": "R", "price": [1]},
        {"reference": "R", "price": "9" * 5000},
        None,
        [],
        {},
    ],
    ids=repr,
)
def test_a_line_that_is_none_is_refused_in_words(shop, till, line):
    sheet = make_product(shop, stock=10)
    if isinstance(line, dict) and line.get("reference") == "R":
        line = line | {"reference": sheet.reference}

    [answer] = till.lines(line)

    assert answer["outcome"] == "refused"
    assert answer["cause"]
    sheet.stock.refresh_from_db()
    assert (sheet.stock.num_in_stock, str(sheet.stock.price)) == (10, "4.50")


def test_a_body_that_is_too_large_is_not_read(till, sheet):
    body = b'{"lines": [{"reference": "' + b"x" * 1_000_000 + b'", "stock": 1}]}'

    assert len(body) > LARGEST_CALL
    assert refused(till.post("/stock", body), 413) == "The call is larger than 256 kB: please send it in parts."


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_kind_of_content_is_refused(till, kind):
    assert refused(till.post("/stock", b'{"lines": []}', content_type=kind), 415)


@pytest.mark.parametrize("path", ["/", "/nothing", "/stock/", "/orders/../..", "/%00", "/stock/%ff"])
def test_what_is_not_there_is_answered_as_everything_else(till, path):
    assert refused(till.get(path), 404) == "There is nothing at this address."
    assert refused(till.post(path, {}), 404)


def test_a_call_of_another_kind_is_refused_in_words(till):
    assert refused(till.get("/stock"), 405)


@pytest.mark.parametrize("secret", [None, "", "x", "halles_" + "x" * 43, "é", "halles_ x", "x" * 10_000])
def test_without_a_key_nothing_is_done(sheet, secret):
    before = everything()

    answer = Till(secret).post("/stock", {"lines": [{"reference": sheet.reference, "stock": 1}]})

    assert refused(answer, 401)
    assert everything() == before


def test_another_way_of_signing_in_is_none(sheet, shop, client):
    _key, secret = make_key(shop)

    for word in ("Basic", "Token", secret, f"bearer{secret}"):
        assert client.post("/api/v1/stock", headers={"Authorization": f"{word} {secret}"}).status_code == 401


def test_a_key_does_only_what_it_may(shop, sheet):
    till = till_of(shop, may_stock=False)

    answer = till.post("/stock", {"lines": [{"reference": sheet.reference, "stock": 1}]})

    assert refused(answer, 403) == "This key may not do this: please make one that may, at the shop desk."
    sheet.stock.refresh_from_db()
    assert sheet.stock.num_in_stock == 10


@pytest.mark.parametrize("key", ["é", "a b", "x" * 81])
def test_an_idempotency_key_is_a_short_word(till, sheet, key):
    answer = till.post("/stock", {"lines": [{"reference": sheet.reference, "delta": 1}]}, key=key)

    assert refused(answer, 422)
    assert not TillAnswer.objects.exists()


def test_too_many_calls_wait_and_other_keys_do_not(shop, sheet):
    till, other = till_of(shop), till_of(shop)
    now = timezone.now().replace(microsecond=0)
    with time_machine.travel(now, tick=False) as clock:
        for _ in range(CALLS_A_MINUTE):
            assert till.post("/stock", {"lines": [None]}).status_code == 200
        clock.shift(20)

        answer = till.post("/stock", {"lines": [{"reference": sheet.reference, "stock": 1}]})

        assert refused(answer, 429) == "Too many calls: please try again in 40 seconds."
        assert answer.headers["Retry-After"] == "40"
        assert other.post("/stock", {"lines": [None]}).status_code == 200
        clock.shift(timedelta(seconds=41))
        assert till.post("/stock", {"lines": [None]}).status_code == 200
    sheet.stock.refresh_from_db()
    assert sheet.stock.num_in_stock == 10
