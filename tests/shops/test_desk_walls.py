"""Nobody sees or touches another shop's desk, and nobody does what their role may not: every address, by construction."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from shops.models import ShopOrder, ShopStaff
from shops.payments.fake.transport import in_process
from shops.permissions import RANK
from tests.factories import make_staff
from tests.shops.desk_cases import CASES, SECRETS, Role, Town, desk_routes, everything
from tests.shops.orders_of import paid_shop_order

pytestmark = pytest.mark.django_db
every_address = pytest.mark.parametrize("name", CASES)
get_and_post = pytest.mark.parametrize("method", ["get", "post"])

# Stripe does not know these shops, they are open already, and
# the trial order is no order: tested elsewhere.
CHANGE_NOTHING_AT_ONCE = {"payouts_begin", "joining_ask", "trial", "turn_photo"}
LEAD_ELSEWHERE = {"payouts_resume", "payouts_return", "start"}


@pytest.fixture(autouse=True)
def _border():
    with in_process():
        yield


@pytest.fixture
def town(request):
    """Two neighbours, whose shared order has come as far as the case under test needs."""
    town = Town()
    CASES[request.node.callspec.params["name"]].before(town)
    return town


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask(client, method: str, name: str, shop, *, objects_of=None):
    """The request of the case, at the desk of `shop`, for objects of that shop or of another one."""
    case, objects_of = CASES[name], objects_of or shop
    fields = case.fields(objects_of) if case.fields else {}
    return getattr(client, method)(case.address(name, shop, objects_of), fields)


def test_every_address_of_the_desk_has_a_case():
    routes = desk_routes()

    assert set(CASES) == set(routes)
    assert {name for name, case in CASES.items() if case.of} == {name for name in routes if "<int:pk>" in routes[name]}


@every_address
def test_the_request_of_the_case_works_on_ones_own_desk(town, name):
    before = everything()

    answer = ask(client_of(town.owner), "post" if CASES[name].fields else "get", name, town.ours)

    assert answer.status_code in ((200, 302) if CASES[name].fields or name in LEAD_ELSEWHERE else (200,))
    if name not in CHANGE_NOTHING_AT_ONCE:
        assert (everything() != before) is bool(CASES[name].fields)


def towns(names: Iterable[str]) -> Iterator[tuple[Town, list[str]]]:
    """A town for each state that a case asks for, with its cases: denials change nothing, so one town serves many."""
    of_state = defaultdict(list)
    for name in names:
        of_state[CASES[name].before].append(name)
    for prepare, alike in of_state.items():
        with transaction.atomic():
            town = Town()
            prepare(town)
            yield town, alike
            transaction.set_rollback(True)


def denied(client, method: str, name: str, shop, *, objects_of=None, statuses=(404,)):
    """The answer to a request that is refused and has changed nothing."""
    before = everything()

    answer = ask(client, method, name, shop, objects_of=objects_of)

    assert answer.status_code in statuses, (method, name)
    assert everything() == before, (method, name)
    return answer


@get_and_post
def test_another_shops_desk_does_not_exist(method):
    for town, names in towns(CASES):
        client = client_of(town.owner)
        for name in names:
            denied(client, method, name, town.theirs)


@get_and_post
def test_another_shops_objects_do_not_exist_on_ones_own_desk(method):
    for town, names in towns(name for name, case in CASES.items() if case.of):
        client = client_of(town.owner)
        for name in names:
            denied(client, method, name, town.ours, objects_of=town.theirs, statuses=(404, 405))


@get_and_post
def test_an_anonymous_visitor_is_asked_to_sign_in(method):
    for town, names in towns(CASES):
        for name in names:
            answer = denied(Client(), method, name, town.theirs, statuses=(302,))
            assert answer.url.startswith(reverse("login")), name


@get_and_post
def test_somebody_who_was_let_go_stays_outside(method):
    for town, names in towns(CASES):
        ShopStaff.objects.filter(user=town.stranger).update(is_active=False)
        client = client_of(town.stranger)
        for name in names:
            denied(client, method, name, town.theirs)


@pytest.mark.parametrize("role", [Role.HELPER, Role.MANAGER])
@get_and_post
def test_a_lower_role_does_not_find_the_page(role, method):
    for town, names in towns(name for name, case in CASES.items() if RANK[role] < RANK[case.role]):
        client = client_of(make_staff(town.ours, role))
        for name in names:
            denied(client, method, name, town.ours)


@pytest.mark.parametrize(("name", "role"), [(name, case.role) for name, case in CASES.items()])
def test_the_role_of_the_case_is_enough(town, name, role):
    client = client_of(make_staff(town.ours, role))

    assert ask(client, "post" if CASES[name].fields else "get", name, town.ours).status_code in (200, 302)


@every_address
def test_ones_own_pages_tell_nothing_of_the_neighbour_or_the_resident(town, name):
    ShopOrder.objects.filter(shop=town.ours).update(bags=1)

    page = ask(client_of(town.owner), "get", name, town.ours)

    if page.status_code != 405 and name not in LEAD_ELSEWHERE:
        content = b"".join(page) if page.streaming else page.content
        text = content.decode(errors="replace")  # the data of the shop is an archive: tested by name elsewhere
        assert page.status_code == 200
        assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize("pk", [0, 2**31, 2**63, 10**30])
def test_numbers_that_no_row_has_are_not_found(pk):
    town = Town()
    board = reverse("desk:board", args=[town.ours.slug])

    answers = [client_of(town.owner).get(f"{board}{path}{pk}/").status_code for path in ("commandes/", "produits/")]

    assert answers == [404, 404]


def test_a_paid_order_shows_the_shops_own_total_only():
    town = Town()
    paid = paid_shop_order(Town.product(town.ours), 2)

    page = client_of(town.owner).get(reverse("desk:order", args=[town.ours.slug, paid.pk])).content.decode()

    assert "6,00" in page
