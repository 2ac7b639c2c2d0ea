"""A counter to order at, and the fake Stripe at the border."""

import pytest

from shops.payments.fake.transport import in_process
from tests.checkout.town import make_counter
from tests.shops.payments.conftest import deliver  # noqa: F401  a fixture


@pytest.fixture(autouse=True)
def _border():
    with in_process():
        yield


@pytest.fixture
def counter():
    return make_counter()
