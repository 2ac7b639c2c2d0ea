"""A pause: no order reaches the shop, from no page and for no point or time; residents and the desk read until when."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from marketplace.checkout import placing
from pickup import collections, errors, windows
from shops.models import Shop, ShopStaff
from tests.checkout.town import first_window, make_counter, place, rows
from tests.factories import make_basket, make_product, make_shop, make_staff
from tests.pickup.makers import fresh, in_40_minutes, make_bank
from tests.shops.orders_of import place as place_order

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 9, 17, 12, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture(autouse=True)
def noon(time_machine):
    """Thursday noon, when everything is open."""
    time_machine.move_to(NOON, tick=False)
    return time_machine


@pytest.fixture
def shop():
    return make_shop("Boulangerie Martin", opening_hours="24/7", lead_minutes=0)


@pytest.fixture
def points():
    """Everything that a resident can choose: a counter and a locker bank."""
    return [make_counter(), make_bank("L", "L").point]


def pause(shop, minutes: int | None = 30) -> None:
    """Somebody of the shop taps on another device."""
    client = Client()
    client.force_login(make_staff(shop, ShopStaff.Role.HELPER))
    client.post(reverse("desk:pause", args=[shop.slug]), {"minutes": str(minutes) if minutes else "day"})


def shopper(*sheets) -> Client:
    """A resident with these goods in the basket."""
    client = Client()
    for sheet in sheets:
        client.post(reverse("basket:add"), {"product": sheet.product_id, "quantity": "1"})
    return client


def test_a_paused_shop_is_offered_at_no_point_and_for_no_day(shop, points):
    sheet = make_product(shop)
    assert all(offer.windows for offer in windows.offers(fresh((sheet, 1)), now=timezone.now()))

    pause(shop)

    offers = windows.offers(fresh((sheet, 1)), now=timezone.now())
    assert [(offer.windows, offer.reason) for offer in offers] == [
        ([], "Boulangerie Martin ne prend pas de commande avant 12:30.")
    ] * len(points)


def test_one_paused_shop_holds_the_basket_of_several(shop, points):
    other = make_product(make_shop(opening_hours="24/7", lead_minutes=0))
    pause(shop)

    offers = windows.offers(fresh((other, 1), (make_product(shop), 1)), now=timezone.now())

    assert not any(offer.windows for offer in offers)
    assert all(offer.windows for offer in windows.offers(fresh((other, 1)), now=timezone.now()))


@pytest.mark.parametrize("kind", ["counter", "bank"])
def test_a_window_chosen_before_the_pause_is_refused_when_the_order_is_placed(shop, points, kind):
    basket = make_basket((make_product(shop, stock=3), 1))
    offers = windows.offers(placing.goods_of(basket), now=timezone.now())
    [window] = [offer.windows[0] for offer in offers if offer.point.kind == kind]
    before = rows()

    pause(shop)

    with pytest.raises(placing.Paused, match="Boulangerie Martin"):
        place(basket, window=window)
    assert rows() == before
    assert not Shop.objects.get(pk=shop.pk).sheets.get().stock.num_allocated


def test_the_collection_refuses_too(shop, points):
    sheet = make_product(shop)
    window = windows.offers(fresh((sheet, 1)), now=timezone.now())[0].windows[0]
    order = place_order((sheet, 1))
    pause(shop)

    with pytest.raises(errors.ShopPaused):
        collections.reserve(order, window=window, goods=fresh((sheet, 1)), held_until=in_40_minutes())


def test_a_resident_in_the_checkout_is_told_before_paying(shop, points):
    sheet = make_product(shop, price="3.00")
    client = shopper(sheet)
    window = windows.offers(fresh((sheet, 1)), now=timezone.now())[0].windows[0]
    contact = {"name": "Camille", "email": "camille@example.org", "phone": "", "window": window.key}
    review = client.post(reverse("checkout:choice"), contact, follow=True)
    before = rows()

    pause(shop)
    again = client.get(reverse("checkout:review"))
    ordered = client.post(
        reverse("checkout:review"), {"attempt": review.context["attempt"], "total": str(review.context["total"])}
    )

    assert "ne prend pas de commande avant 12:30" in again.content.decode()
    assert ordered.status_code == 409
    assert "Rien n’est débité" in ordered.content.decode()
    assert rows() == before


@pytest.mark.parametrize("page", ["shop", "product", "basket", "choice"])
def test_the_next_page_a_resident_opens_says_until_when(shop, points, page, noon):
    sheet = make_product(shop)
    client = shopper(sheet)
    address = {
        "shop": shop.get_absolute_url(),
        "product": sheet.get_absolute_url(),
        "basket": reverse("basket:summary"),
        "choice": reverse("checkout:choice"),
    }[page]
    words = "Boulangerie Martin ne prend pas de commande avant 12:30."
    assert words not in client.get(address).content.decode()

    pause(shop)
    paused = client.get(address)
    noon.shift(timedelta(minutes=30))
    over = client.get(address)

    assert paused.content.decode().count(words) == 1
    assert "max-age" not in paused.headers.get("Cache-Control", "").replace("max-age=0", "")
    assert not paused.has_header("Last-Modified")
    assert words not in over.content.decode()


def test_the_basket_keeps_its_goods_and_offers_the_way_on_after_the_pause(shop, points, noon):
    client = shopper(make_product(shop, "Tarte"))
    pause(shop)
    paused = client.get(reverse("basket:summary")).content.decode()
    noon.shift(timedelta(minutes=31))
    over = client.get(reverse("basket:summary")).content.decode()

    assert ["Tarte" in page for page in (paused, over)] == [True, True]
    assert [reverse("checkout:choice") in page for page in (paused, over)] == [False, True]


def test_goods_of_a_paused_shop_can_be_put_into_the_basket_meanwhile(shop, points):
    pause(shop)

    client = shopper(make_product(shop, "Tarte"))

    assert "Tarte" in client.get(reverse("basket:summary")).content.decode()


def test_after_the_pause_the_same_basket_is_ordered(shop, points, noon):
    basket = make_basket((make_product(shop), 1))
    pause(shop, minutes=15)
    noon.shift(timedelta(minutes=15))

    assert place(basket, window=first_window(basket)).shop_orders.get().shop == shop


@pytest.mark.parametrize(
    ("minutes", "sentence"),
    [
        (15, "Boulangerie Martin ne prend pas de commande avant 12:15."),
        (60, "Boulangerie Martin ne prend pas de commande avant 13:00."),
        (None, "Boulangerie Martin ne prend plus de commande aujourd’hui."),
    ],
)
def test_each_pause_has_its_sentence(shop, minutes, sentence):
    pause(shop, minutes)

    assert sentence in Client().get(shop.get_absolute_url()).content.decode()


def test_a_pause_over_midnight_names_the_day(shop, noon):
    noon.move_to(NOON.replace(hour=23, minute=30), tick=False)
    pause(shop, 60)

    page = Client().get(shop.get_absolute_url()).content.decode()

    assert "ne prend pas de commande avant demain, 00:30." in page


def test_every_page_of_the_desk_counts_down_and_ends_the_pause_with_one_tap(shop):
    client = Client()
    client.force_login(make_staff(shop))
    pause(shop)

    for name in ("board", "products", "shop", "week", "people"):
        page = client.get(reverse(f"desk:{name}", args=[shop.slug])).content.decode()
        assert f'data-pause-until="{int((timezone.now() + timedelta(minutes=30)).timestamp())}"' in page
        assert "Pas de nouvelle commande avant 12:30" in page

    answer = client.post(reverse("desk:pause", args=[shop.slug]), {"minutes": "0", "back": "board"})

    shop.refresh_from_db()
    assert (answer.url, shop.paused_until) == (reverse("desk:board", args=[shop.slug]), None)
    assert "data-pause-until" not in client.get(answer.url).content.decode()


def test_a_pause_that_is_over_leaves_the_desk(shop, noon):
    client = Client()
    client.force_login(make_staff(shop))
    pause(shop)
    noon.shift(timedelta(minutes=30))

    assert "data-pause-until" not in client.get(reverse("desk:board", args=[shop.slug])).content.decode()
