"""A paid order in a few words. The production code runs; the fake Stripe stands at the border, in process."""

from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.core.management import call_command
from django.utils import timezone
from oscar.core.loading import get_model

from shops import orders
from shops.payments import charges, operations, webhooks
from shops.payments.fake import checkout, connect, events
from shops.payments.fake.models import Account, Fault, Session
from shops.payments.fake.transport import in_process
from tests.factories import make_product, make_shop

_numbers = count(1)


@pytest.fixture(autouse=True)
def _border():
    with in_process():
        yield


def open_shop(**fields):
    """A shop whose account at the fake can be paid."""
    account = Account.objects.create(display_name="Shop", capability="active")
    return make_shop(stripe_account=account.id, **fields)


def place(*shop_lines, minutes: int = 40):
    """An order of `(shop, price, pieces)` lines, split and with an open payment, as checkout places it."""
    now = timezone.now()
    total = sum(Decimal(price) * pieces for _shop, price, pieces in shop_lines)
    order = get_model("order", "Order").objects.create(
        number=f"DEMO-{next(_numbers):04d}",
        currency="EUR",
        total_incl_tax=total,
        total_excl_tax=total,
        status="unpaid",
        guest_email="resident@example.org",
    )
    for shop, price, pieces in shop_lines:
        sheet = make_product(shop, price=price, stock=100)
        sheet.stock.num_allocated = pieces
        sheet.stock.save()
        prices = dict.fromkeys(["line_price_incl_tax", "line_price_excl_tax"], Decimal(price) * pieces)
        prices |= dict.fromkeys(
            ["line_price_before_discounts_incl_tax", "line_price_before_discounts_excl_tax"], Decimal(price) * pieces
        )
        order.lines.create(
            partner=shop.partner,
            partner_name=shop.name,
            partner_sku=sheet.reference,
            stockrecord=sheet.stock,
            product=sheet.product,
            title=sheet.title,
            quantity=pieces,
            num_allocated=pieces,
            unit_price_incl_tax=Decimal(price),
            unit_price_excl_tax=Decimal(price),
            status="unpaid",
            **prices,
        )
    orders.split(order, deposit_by=now + timedelta(hours=6))
    charges.open(order, amount=total, expires_at=now + timedelta(minutes=minutes), language="fr")
    return order


def page_of(payment) -> Session:
    """The hosted page of a started payment."""
    payment.refresh_from_db()
    return Session.objects.select_related("intent").get(pk=payment.session_id)


def hold(order):
    """The resident pays on the hosted page and comes back."""
    payment = order.payments.get()
    charges.start(payment)
    checkout.pay(page_of(payment))
    return charges.sync(payment)


def answer(shop_order, pieces: int | None = None):
    """The shop accepts all, or so many pieces of each line."""
    shop_order.refresh_from_db()
    accepted = {line.pk: line.quantity if pieces is None else pieces for line in shop_order.lines.all()}
    return orders.answer(shop_order, accepted=accepted)


def debit(order):
    """Held, accepted by every shop, and debited."""
    payment = hold(order)
    for shop_order in order.shop_orders.all():
        answer(shop_order)
    operations.work_due()
    payment.refresh_from_db()
    return payment


def hand_over(shop_order):
    """The resident has the goods, and the shop is paid."""
    orders.mark_collected(shop_order)
    operations.work_due()
    shop_order.transfer.refresh_from_db()
    return shop_order.transfer


def trouble(kind: str, where: str = "", times: int = 1):
    """Order a fault of the fake."""
    Fault.objects.create(kind=kind, where=where, left=times)


def later(operation):
    """The wait of an operation is over."""
    type(operation).objects.filter(pk=operation.pk).update(try_at=timezone.now())


@pytest.fixture
def deliver(client):
    """Deliver the owed webhooks to the site and let it work them off; returns the answers."""

    def run():
        answers = []

        def post(body, signature):
            response = client.post(
                "/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": signature}
            )
            answers.append(response.status_code)
            return response.status_code

        events.deliver_due(post)
        webhooks.process_due()
        return answers

    return run


def restrict(shop):
    """Stripe no longer lets the shop be paid."""
    connect.set_capability(Account.objects.get(pk=shop.stripe_account), "restricted")


def shelf(shop_order) -> list[tuple[int, int]]:
    """(in stock, allocated) of each line's goods; all began with (100, pieces ordered)."""
    rows = shop_order.lines.order_by("pk").values_list(
        "line__stockrecord__num_in_stock", "line__stockrecord__num_allocated"
    )
    return list(rows)


def work() -> None:
    """Do all that is owed, also what follows from it."""
    for _round in range(3):
        operations.work_due()


def chill(shop_order) -> None:
    """The last line's goods are kept cold."""
    line = shop_order.lines.order_by("pk").last()
    type(line).objects.filter(pk=line.pk).update(temperature="chilled", keeps=False)


def books_agree() -> bool:
    call_command("check_books")
    return True
