"""Chance calls the API: whatever comes, no answer is a fault of ours, and none takes a product into an impossible state."""

import json
from decimal import Decimal

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.foundation.models import RateLimit
from shops.models import TillAnswer
from tests.factories import make_product, make_shop
from tests.shops.api.calls import till_of
from tests.shops.orders_of import paid_shop_order

pytestmark = pytest.mark.django_db
EAN = "3017620422003"
patient = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)

numbers = st.integers() | st.floats() | st.sampled_from([0, 1, -1, 5, 10**6, 10**6 + 1, 2**31, 2**63, 10**400])
texts = st.text(max_size=80) | st.sampled_from(
    ["R", EAN, "", "\x00", "\ud800", "NaN", "1e5", "1E-7", "-0", "3.50", "0.01"]
)
anything = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(["ean", "reference", "stock", "delta", "price", "x"])
lines = st.dictionaries(names, anything, max_size=5) | anything
bodies = (
    st.fixed_dictionaries({"lines": st.lists(lines, max_size=6)})
    | st.dictionaries(texts, anything, max_size=3)
    | anything
)
keys = st.text(alphabet=st.characters(max_codepoint=255), max_size=90)


def encoded(value) -> bytes:
    """As a careless program writes it: NaN as a word, half characters as they are."""
    return json.dumps(value).encode()


@pytest.fixture
def sheet():
    sheet = make_product(make_shop(opening_hours="24/7"), ean=EAN, stock=10)
    type(sheet).objects.filter(pk=sheet.pk).update(reference="R")
    paid_shop_order(sheet, 2)
    return sheet


@pytest.fixture
def till(sheet):
    return till_of(sheet.shop)


def forget_the_minute() -> None:
    """Chance calls more often than a till may."""
    RateLimit.objects.all().delete()
    cache.clear()


def is_in_words(answer) -> bool:
    """A success, or a problem document with a sentence."""
    if answer.status_code == 200:
        return True
    return answer.status_code in range(400, 500) and bool(answer.json()["detail"])


@patient
@given(body=bodies, key=keys)
def test_no_body_is_a_fault_of_ours(sheet, till, body, key):
    forget_the_minute()
    TillAnswer.objects.all().delete()
    clean = key.encode("latin-1", "replace").decode("latin-1").replace("\n", "").replace("\r", "")

    answer = till.post("/stock", encoded(body), key=clean)

    assert is_in_words(answer), answer.content
    sheet.stock.refresh_from_db()
    assert 0 <= sheet.stock.num_in_stock <= 10**6
    assert Decimal("0.01") <= sheet.stock.price <= Decimal("99999.99")
    assert sheet.stock.num_allocated == 2


@patient
@given(body=st.binary(max_size=300))
def test_no_bytes_are_a_fault_of_ours(till, body):
    forget_the_minute()

    assert is_in_words(till.post("/stock", body))


@patient
@given(path=st.sampled_from(["/orders", "/products"]), since=texts | numbers)
def test_no_cursor_is_a_fault_of_ours(till, path, since):
    forget_the_minute()
    try:
        since = str(since).encode("utf-8", "replace").decode()
    except ValueError:  # more digits than Python writes
        since = "9" * 5000

    answer = till.get(path, since=since)

    assert is_in_words(answer), answer.content
    if answer.status_code == 200:
        assert is_in_words(till.get(path, since=answer.json()["next"]))


@patient
@given(path=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_no_address_is_a_fault_of_ours(till, path):
    forget_the_minute()

    for start in ("/", "/orders/", "/stock"):
        answer = till.get(start + path.replace("?", "").replace("#", ""))
        assert is_in_words(answer)
