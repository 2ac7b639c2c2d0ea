"""Two operators, a bank and its device."""

import pytest
from django.utils import translation

from tests.factories import make_user
from tests.pickup.device import Device
from tests.pickup.makers import make_bank


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def bank():
    """Two small ambient doors and a chilled one."""
    return make_bank("S", "S", "M chilled low", name="Consigne de la gare")


@pytest.fixture
def device(bank):
    """The program in that bank."""
    return Device(bank)


@pytest.fixture
def operator(client):
    """Somebody who runs the lockers, signed in."""
    user = make_user("ada@valmont.example", is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture
def colleague(operator):
    """A second one."""
    return make_user("bo@valmont.example", is_staff=True)
