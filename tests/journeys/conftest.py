"""One town for all journeys, and people with phones in it."""

import contextlib

import pytest

from tests import database
from tests.journeys import steps
from tests.journeys.town import Town

PHONE, SMALL_PHONE = {"width": 390, "height": 844}, {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def town(tmp_path_factory, django_db_blocker):
    """Filled once for all journeys: each takes goods and places of its own."""
    town = Town(tmp_path_factory.mktemp("une ville é"))  # a path with a space and an accent, as people have
    with django_db_blocker.unblock():
        database.copy_migrated(town.database)
    town.open_and_close()
    town.open()
    yield town
    town.close()


@pytest.fixture(autouse=True)
def _balanced(request):
    """Whatever a journey went through: afterwards nothing is owed and the books agree to the cent."""
    town = request.getfixturevalue("town")
    yield
    town.books_balance()


@pytest.fixture
def visitor(chromium):
    """Makes visitors, each with a browser of their own; fails when any page asks a foreign host or logs an error."""
    foreign, errors = [], []

    def visit(*, size=PHONE, signed_in=None):
        context = open_browsers.enter_context(
            chromium.new_context(viewport=size, locale="fr-FR", timezone_id="Europe/Paris", storage_state=signed_in)
        )
        context.on("request", lambda request: _is_ours(request.url) or foreign.append(request.url))
        context.on("weberror", lambda error: errors.append(str(error.error)))
        context.set_default_timeout(15_000)
        return context.new_page()

    with contextlib.ExitStack() as open_browsers:
        yield visit
    assert (foreign, errors) == ([], [])


def _is_ours(address: str) -> bool:
    return address.startswith(("http://127.0.0.1", "data:", "blob:"))


@pytest.fixture
def phone(visitor):
    """A resident's phone."""
    return visitor()


@pytest.fixture(scope="session")
def desks(chromium, town):
    """Signs a person of the town in, once for all journeys; gives what their browser keeps."""
    kept = {}

    def signed_in(email: str) -> dict:
        if email not in kept:
            with chromium.new_context(locale="fr-FR") as context:
                steps.sign_in(context.new_page(), town.site, email)
                kept[email] = context.storage_state()
        return kept[email]

    return signed_in


@pytest.fixture
def desk(visitor, desks, town):
    """The desk of a shop, in the browser of one of its people."""

    def open_desk(slug: str):
        page = visitor(size=SMALL_PHONE, signed_in=desks(steps.SHOPKEEPERS[slug]))
        return steps.Desk(page, town.site, slug)

    return open_desk


@pytest.fixture
def kiosk(visitor, town):
    """The screen of a locker bank."""
    return lambda bank: steps.Kiosk(visitor(), town.kiosks[bank])


@pytest.fixture
def brought(town, desk, kiosk):
    """Order `title` at `bank`, have its shop accept, pack and deposit it; (number, order page, PIN, door, kiosk)."""

    def bring(page, title: str, *, bank: str, email: str, shop: str = "epicerie-du-quai"):
        steps.put_into_basket(page, town.site, title)
        steps.choose(page, town.site, bank, email=email)
        order_page = steps.pay(page)
        number = steps.number_of(page)
        keeper = desk(shop)
        keeper.accept(number)
        keeper.pack(number)
        screen = kiosk(bank)
        door = screen.deposit(keeper.deposit_code(number))
        return number, order_page, steps.pin_of(page, order_page), door, screen

    return bring
