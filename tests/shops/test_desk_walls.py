"""Nobody sees or touches another shop's desk; nonsense in any field or address is answered, never an error of ours."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from shops.desk import urls
from shops.models import Closure, ProductSheet, Shop, ShopOrder, ShopOrderLine, ShopStaff
from tests.factories import make_product, make_shop, make_staff
from tests.shops.orders_of import paid_shop_order, pay, place

pytestmark = pytest.mark.django_db

# What the pk in an address is, by the first word of the address.
OBJECTS = {"commandes": "order", "produits": "product", "boutique": "closure", "equipe": "person"}
NONSENSE = ["", "x" * 5000, "\x00", "-1", "99999999999999999999", "1e400", "NaN", "<script>alert(1)</script>", "٣", "0"]


def desk_pages() -> list[tuple[str, str]]:
    """(name, route) of every page below a shop's slug."""
    pages = []

    def walk(patterns, prefix):
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, route)
            else:
                pages.append((pattern.name, route))

    walk(urls.urlpatterns, "")
    return [(name, route) for name, route in pages if "slug" in route]


PAGES = desk_pages()
NAMES = [name for name, _route in PAGES]


class Town:
    """Two shops that share one order; each with a product, a closure, and people."""

    def __init__(self):
        self.ours, self.theirs = make_shop("La nôtre", opening_hours="24/7"), make_shop("La leur", opening_hours="24/7")
        self.owner = make_staff(self.ours)
        self.stranger = make_staff(self.theirs)
        self.our_product = make_product(self.ours, "Notre pain", price="3.00")
        self.their_product = make_product(self.theirs, "Leur fromage", price="40.00")
        shared = place((self.our_product, 1), (self.their_product, 1), email="resident-secret@example.org")
        pay(shared)
        self.shared = shared
        self.their_order = shared.shop_orders.get(shop=self.theirs)
        self.our_order = shared.shop_orders.get(shop=self.ours)

    def objects(self, shop) -> dict[str, int]:
        """A pk of each kind, of `shop`."""
        today = timezone.localdate()
        closure = Closure.objects.get_or_create(shop=shop, first_on=today, last_on=today)[0]
        return {
            "order": shop.shop_orders.get().pk,
            "product": shop.sheets.get().pk,
            "closure": closure.pk,
            "person": shop.staff.order_by("pk").first().pk,
        }


@pytest.fixture
def town():
    return Town()


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(name: str, route: str, shop: Shop, pks: dict[str, int]) -> str:
    word = route.split("/")[1]
    args = [shop.slug] + ([pks[OBJECTS[word]]] if "<int:pk>" in route else [])
    return reverse(f"desk:{name}", args=args)


def everything() -> list:
    """All rows that the desk can change, value by value."""
    tables: list[type[models.Model]] = [Shop, ShopStaff, Closure, ProductSheet, ShopOrder, ShopOrderLine]
    stock = ProductSheet.objects.order_by("pk").values_list(
        "stock__price", "stock__num_in_stock", "stock__num_allocated"
    )
    goods = ProductSheet.objects.order_by("pk").values_list("product__title", "product__is_public")
    return [list(table.objects.order_by("pk").values()) for table in tables] + [list(stock), list(goods)]


def filled(town) -> dict:
    """A body that would work on every form of the desk."""
    line = town.their_order.lines.get()
    prefix = town.their_product.pk
    return {
        "bags": "1", "order": town.their_order.pk, f"quantity_{line.pk}": "0", f"reason_{line.pk}": "sold_out",
        f"{prefix}-price": "0.01", f"{prefix}-stock": "0", "is_public": "0", "title": "Volé", "price": "1", "stock_left": "1",
        "vat_rate": "20.00", "net_unit": "piece", "temperature": "ambient", "min_age": "0", "volume_l": "1", "withdrawal": "full",
        "first_on": "2027-01-01", "last_on": "2027-01-01", "minutes": "15", "email": "intruder@example.org", "role": "owner",
        "Mo_from_1": "09:00", "Mo_to_1": "10:00", "tagline": "Volé", "lead_minutes": "60", "answer_minutes": "60", "token": "x",
    }  # fmt: skip


def test_every_page_of_the_desk_is_walked():
    assert len(NAMES) == len(set(NAMES)) > 20
    assert {OBJECTS[route.split("/")[1]] for _name, route in PAGES if "<int:pk>" in route} == set(OBJECTS.values())
    assert "desk" in get_resolver().app_dict


@pytest.mark.parametrize(("name", "route"), PAGES, ids=NAMES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_shops_desk_does_not_exist(town, name, route, method):
    pks = town.objects(town.theirs)
    before = everything()

    answer = getattr(client_of(town.owner), method)(address(name, route, town.theirs, pks), filled(town))

    assert answer.status_code == 404
    assert everything() == before


@pytest.mark.parametrize(
    ("name", "route"), [each for each in PAGES if "<int:pk>" in each[1]], ids=[n for n, r in PAGES if "<int:pk>" in r]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_shops_objects_do_not_exist_on_our_desk(town, name, route, method):
    pks = town.objects(town.theirs)
    before = everything()

    answer = getattr(client_of(town.owner), method)(address(name, route, town.ours, pks), filled(town))

    assert answer.status_code in (404, 405)
    assert everything() == before


@pytest.mark.parametrize(("name", "route"), PAGES, ids=NAMES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_anonymous_visitor_is_asked_to_sign_in(town, name, route, method):
    pks = town.objects(town.theirs)
    before = everything()

    answer = getattr(Client(), method)(address(name, route, town.theirs, pks), filled(town))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("login"))
    assert everything() == before


def test_somebody_who_was_let_go_stays_outside(town):
    ShopStaff.objects.filter(user=town.stranger).update(is_active=False)

    assert client_of(town.stranger).get(reverse("desk:board", args=[town.theirs.slug])).status_code == 404


@pytest.mark.parametrize(("name", "route"), PAGES, ids=NAMES)
def test_our_pages_tell_nothing_of_the_neighbour_or_the_resident(town, name, route):
    ShopOrder.objects.filter(pk=town.our_order.pk).update(bags=1)

    page = client_of(town.owner).get(address(name, route, town.ours, town.objects(town.ours)))

    if page.status_code != 405:
        text = page.content.decode()
        assert page.status_code == 200
        for secret in ("resident-secret", "Leur fromage", "La leur", "43,00", "43.00", "40,00"):
            assert secret not in text


@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda text: repr(text[:12]))
@pytest.mark.parametrize(("name", "route"), PAGES, ids=NAMES)
def test_nonsense_in_every_field_is_answered(town, name, route, nonsense):
    body = dict.fromkeys(filled(town), nonsense)
    body |= {f"quantity_{town.our_order.lines.get().pk}": nonsense, f"{town.our_product.pk}-price": nonsense}
    url = address(name, route, town.ours, town.objects(town.ours))
    client = client_of(town.owner)

    answers = [
        client.post(url, body),
        client.post(
            url,
            body | {"file": SimpleUploadedFile("a.csv", nonsense.encode()), "upload": SimpleUploadedFile("a", b"x")},
        ),
        client.get(url, {"q": nonsense, "page": nonsense}),
    ]

    assert all(answer.status_code < 500 for answer in answers)


@pytest.mark.parametrize("pk", [0, 2**31, 2**63, 10**30])
def test_numbers_that_no_row_has_are_not_found(town, pk):
    assert (
        client_of(town.owner).get(f"{reverse('desk:board', args=[town.ours.slug])}commandes/{pk}/").status_code == 404
    )


def test_a_paid_order_shows_the_shops_own_total_only(town):
    paid = paid_shop_order(town.our_product, 2)

    page = client_of(town.owner).get(reverse("desk:order", args=[town.ours.slug, paid.pk])).content.decode()

    assert "6,00" in page
