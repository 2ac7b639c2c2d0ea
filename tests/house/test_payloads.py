"""What strangers may write anywhere is read everywhere, and nowhere does it run.

The pages are given to the browser as text, without their content security policy: the escaping alone must hold.
"""

import shutil
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import sync_playwright

from marketplace.checkout import placing
from pickup.models import Point
from shops import orders
from shops.models import Shop, ShopStaff
from shops.payments import charges
from shops.payments.fake import checkout as fake
from shops.payments.fake.models import Account, Session
from shops.payments.fake.transport import in_process
from tests.checkout.town import make_counter, place
from tests.factories import make_basket, make_category, make_product, make_shop, make_user

pytestmark = pytest.mark.django_db
RUN = "document.title='it ran'"
EVIL = f'</script></title><img src=x onerror="{RUN}"><script>{RUN}</script>\'"><svg onload="{RUN}">{{{{ 7 }}}}'


def address_of(page) -> str:
    return page.request["PATH_INFO"]


@pytest.fixture
def pages():
    """Every page that shows what was typed, by its address."""
    shop = make_shop(EVIL[:90], slug="mal", stripe_account=Account.objects.create(capability="active").id)
    Shop.objects.filter(pk=shop.pk).update(tagline=EVIL[:100], story=EVIL, street=EVIL[:100], town=EVIL[:60])
    shop.refresh_from_db()
    shop.closures.create(
        first_on=timezone.localdate(), last_on=timezone.localdate() + timedelta(days=1), reason=EVIL[:90]
    )
    aisle = make_category("Rayon")
    type(aisle).objects.filter(pk=aisle.pk).update(name=EVIL[:200], description=EVIL)
    sheet = make_product(
        shop, EVIL, category=aisle, ingredients=EVIL, allergens=EVIL, origin=EVIL[:100], photo_alt=EVIL[:100]
    )
    type(sheet.product).objects.filter(pk=sheet.product_id).update(description=EVIL)
    counter = make_counter(name=EVIL[:80], street=EVIL[:80], host_shop=shop)
    owner = make_user(first_name=EVIL[:100], last_name=EVIL[:100], is_staff=True)
    ShopStaff.objects.create(shop=shop, user=owner, role="owner")
    with in_process():
        order = place(make_basket((sheet, 2)), contact=placing.Contact(name=EVIL[:120], email="evil@example.org"))
        payment = order.payments.get()
        charges.start(payment)
        payment.refresh_from_db()
        fake.pay(Session.objects.get(pk=payment.session_id))
        charges.sync(payment)
        shop_order = order.shop_orders.get()
        line = shop_order.lines.get()
        orders.answer(shop_order, accepted={line.pk: 1}, reasons={line.pk: EVIL}, by=owner, note=EVIL)
        orders.mark_ready(shop_order, bags=1, by=owner)
        yield _read(sheet, order, shop_order, owner, counter)


def _read(sheet, order, shop_order, owner, counter: Point) -> dict[str, str]:
    visitor, keeper = Client(), Client()
    keeper.force_login(owner)
    visitor.post("/panier/ajouter/", {"product": sheet.product_id, "quantity": 1})
    desk = "/espace-boutique/mal/"
    public = [
        ("/boutiques/", {}),
        (sheet.shop.get_absolute_url(), {}),
        (sheet.get_absolute_url(), {}),
        ("/rayons/", {}),
        ("/recherche/", {"q": EVIL}),
        ("/recherche/", {"q": "script"}),
        ("/panier/", {}),
        ("/commande/retrait/", {}),
        ("/points-de-retrait/", {}),
        (order.details.get_absolute_url(), {}),
        ("/demo/messagerie/", {}),
        (f"/nulle-part/{EVIL}", {}),
        ("/connexion/", {"next": EVIL}),
    ]
    private = [
        (desk, {}),
        (f"{desk}commandes/{shop_order.pk}/", {}),
        (f"{desk}commandes/{shop_order.pk}/etiquettes/", {}),
        (f"{desk}produits/", {"q": EVIL}),
        (f"{desk}produits/{sheet.pk}/", {}),
        (f"{desk}boutique/", {}),
        (f"{desk}boutique/fermetures/", {}),
        (f"{desk}equipe/", {}),
        ("/exploitation/", {}),
        (f"/exploitation/comptoir/{counter.slug}/", {}),
    ]
    read = [
        (path, client.get(path, query))
        for client, asked in ((visitor, public), (keeper, private))
        for path, query in asked
    ]
    return {
        f"{path} {number}": answer.text
        for number, (path, answer) in enumerate(read)
        if answer.status_code in (200, 404)
    }


def runs(page, html: str) -> bool:
    """Whether the browser runs what was typed."""
    page.set_content(html, wait_until="load")
    page.wait_for_function("Array.from(document.images).every(image => image.complete)")
    return page.title() == "it ran"


def test_nothing_that_was_typed_runs(pages):
    assert len(pages) == 23
    assert sum("onerror" in html for html in pages.values()) >= 17

    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"]).new_page()
        control = runs(page, f"<title>calm</title>{EVIL}")
        running = [address for address, html in pages.items() if runs(page, html)]

    assert control
    assert running == []
