"""Runs inside the town: its processes, and what journeys ask of them. Orders come as lines of JSON, answers go back so.

What is asked of here is only what no person could do in a browser: kill a process, let time pass, read the books.
"""

import io
import json
import os
import signal
import sys
import traceback
from datetime import timedelta

import django

django.setup()

from django.core.management import CommandError, call_command  # noqa: E402  the settings come first
from django.db import close_old_connections  # noqa: E402
from django.db.models import F  # noqa: E402
from django.utils import timezone  # noqa: E402
from oscar.core.loading import get_model  # noqa: E402

from marketplace.checkout import placing  # noqa: E402
from marketplace.checkout.models import OrderDetails  # noqa: E402
from marketplace.demo import preparing, runner  # noqa: E402
from marketplace.demo.processes import Group  # noqa: E402
from pickup import collections, windows  # noqa: E402
from pickup.models import Collection, Leg, Parcel  # noqa: E402
from shops import orders, products  # noqa: E402
from shops.models import Operation, Payment, ProductSheet, Transfer  # noqa: E402
from shops.payments import sweep  # noqa: E402
from shops.payments.fake import events  # noqa: E402
from shops.payments.fake import models as stripe  # noqa: E402
from shops.pricing import Selector  # noqa: E402

Order = get_model("order", "Order")
Basket = get_model("basket", "Basket")


ANSWERS = {}


def answer(function):
    """May be asked for by its name."""
    ANSWERS[function.__name__] = function
    return function


class Processes:
    """The programs of the demonstration, which may be killed and started again one by one."""

    def __init__(self):
        self.group = Group(runner.programs(runner.kiosk_ports()))

    def kill(self, *names: str) -> None:
        """SIGKILL to the program and all it has started: nobody has time to tidy up."""
        for program in self._named(names):
            os.killpg(program.process.pid, signal.SIGKILL)
            program.process.wait()

    def start(self, *names: str) -> None:
        """Start again what was killed, and wait until it answers."""
        again = self._named(names)
        for program in again:
            program.start()
        Group(again).wait_until_up(lambda _text: None)

    def _named(self, names: tuple[str, ...]) -> list:
        found = {program.name: program for program in self.group.programs}
        return [found[name] for name in names]


# --- reading --------------------------------------------------------------------------------------------------------
@answer
def check_books() -> str:
    """ "" when stock, orders, Stripe and ledger agree and no call is under way; otherwise what is wrong."""
    said = io.StringIO()
    try:
        call_command("check_books", stdout=said)
    except CommandError as error:
        return f"{said.getvalue()}{error}"
    under_way = Operation.objects.filter(status=Operation.Status.DUE).count()
    return f"{under_way} calls are under way" if under_way else ""


@answer
def left(title: str) -> int:
    """Pieces that can be sold."""
    return ProductSheet.objects.with_all().get(product__title=title).left


@answer
def promised(bank: str) -> int:
    """Compartments of a bank that are promised to somebody."""
    return Leg.objects.planned(timezone.now()).filter(collection__point__name=bank).count()


@answer
def orders_of(email: str) -> list[str]:
    """Numbers of the orders under this address, the oldest first."""
    return list(OrderDetails.objects.filter(email=email).order_by("pk").values_list("order__number", flat=True))


@answer
def money(number: str) -> dict:
    """How the money of an order stands with us and at Stripe, in cents: what is held, debited, sent to shops."""
    order = Order.objects.get(number=number)
    payments = list(order.payments.all())
    sessions = stripe.Session.objects.filter(client_reference_id__in=[str(payment.uuid) for payment in payments])
    intents = [session.intent for session in sessions]
    charges = stripe.Charge.objects.filter(intent__in=intents)
    sent = stripe.Transfer.objects.filter(source__in=charges)
    return {
        "order": order.status,
        "payments": [payment.status for payment in payments],
        "pages": [session.status for session in sessions],
        "held": sum(intent.capturable for intent in intents),
        "debited": sum(charge.captured for charge in charges),
        "refunded": sum(charge.refunded for charge in charges),
        "transfers": sorted(sent.values_list("amount", flat=True)),
        "owed_to_shops": list(
            Transfer.objects.filter(payment__order=order).order_by("amount").values_list("status", flat=True)
        ),
    }


@answer
def undelivered_webhooks() -> int:
    """Of the fake Stripe."""
    return stripe.Delivery.objects.filter(delivered_at=None, attempts__lt=8).count()


# --- time that passes -----------------------------------------------------------------------------------------------
@answer
def let_hold_run_out(number: str) -> None:
    """The order was placed longer ago than its hold lasts; the sweep of the town finds it so."""
    order = Order.objects.get(number=number)
    past = timezone.now() - timedelta(seconds=1)
    Payment.objects.filter(order=order).update(expires_at=past)
    Collection.objects.filter(order=order).update(held_until=past)
    sweep.work()


@answer
def let_payment_hang(number: str) -> None:
    """Nobody has told us anything about this payment for too long; the sweep looks itself."""
    Payment.objects.filter(order__number=number).update(checked_at=timezone.now() - timedelta(hours=1))
    sweep.work()


@answer
def let_webhooks_be_due() -> None:
    """The minute of the late ones is over."""
    stripe.Delivery.objects.filter(delivered_at=None).update(try_at=timezone.now())
    events.deliver_due()


@answer
def let_retries_be_due() -> None:
    """The pause before the next attempt of each call is over."""
    Operation.objects.filter(status=Operation.Status.DUE).update(try_at=timezone.now())
    sweep.work()


@answer
def let_deposits_end(number: str) -> None:
    """The debit was an hour ago, and the window has begun then: who has not come by now is missing."""
    hour = timedelta(hours=1)
    collection = Collection.objects.get(order__number=number)
    past = timezone.now() - hour
    Collection.objects.filter(pk=collection.pk).update(deposit_from=past, starts_at=past)
    Parcel.objects.filter(leg__collection=collection, deposited_at__isnull=False).update(
        deposited_at=F("deposited_at") - hour
    )
    collection.order.payments.latest("pk").history().update(at=F("at") - hour)
    collections.expire_due()


# --- the town as it was filled ---
@answer
def ready_order(bank: str) -> str:
    """The page of an order that waits behind one door of `bank` since the town was filled."""
    ready = Collection.objects.filter(point__name=bank, status=Collection.Status.READY).order_by("pk")
    collection = next(each for each in ready if each.legs.count() == 1)
    return collection.order.details.get_absolute_url()


# --- other people ------------------------------------------------------------------------------------------------
@answer
def leave(title: str, pieces: int) -> None:
    """Others have bought all but some pieces over the counter."""
    sheet = ProductSheet.objects.with_all().get(product__title=title)
    products.update(sheet, stock=pieces)


@answer
def fill(bank: str, title: str) -> list[str]:
    """Other residents take every room of `bank` for goods like `title`, as checkout does; the numbers of their orders."""
    sheet = ProductSheet.objects.with_all().get(product__title=title)
    taken = []
    while True:
        basket = Basket.objects.create()
        basket.strategy = Selector().strategy()
        basket.add_product(sheet.product, 1)
        offers = windows.offers(placing.goods_of(basket), now=timezone.now())
        offered = next(offer.windows for offer in offers if offer.point.name == bank)
        if not offered:
            return taken
        contact = placing.Contact(name="Une voisine", email="voisine@example.org")
        total = basket.total_incl_tax
        taken.append(placing.place(basket, contact=contact, window=offered[0], language="fr", shown_total=total).number)


@answer
def cancel(numbers: list[str]) -> None:
    """The neighbours change their mind."""
    for order in Order.objects.filter(number__in=numbers):
        orders.cancel(order, reason="cancelled by the resident")


def main() -> None:
    """Run the town until the other side hangs up."""
    preparing.prepare(lambda _text: None)
    processes = Processes()
    answers = ANSWERS | {"kill": processes.kill, "start": processes.start}
    with processes.group as group:
        group.wait_until_up(lambda _text: None)
        _say({"answer": "open"})
        for line in sys.stdin:
            name, arguments = json.loads(line)
            close_old_connections()
            try:
                _say({"answer": answers[name](*arguments)})
            except Exception:  # the journey that asked fails with it
                _say({"error": traceback.format_exc()})


def _say(document: dict) -> None:
    print(json.dumps(document), flush=True)


if __name__ == "__main__":
    main()
