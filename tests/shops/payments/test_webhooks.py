"""Stripe's word: signed, stored once, in any order, never trusted beyond its ids."""

import itertools
import json
import time

import pytest
import stripe
from django.utils import timezone

from shops.models import Operation, Payment, Shop, WebhookEvent
from shops.payments import charges, operations, sweep, webhooks
from shops.payments.fake import checkout, connect
from shops.payments.fake.models import Account, Event, Fault, Intent
from tests.shops.payments.conftest import debit, hold, open_shop, page_of, place, trouble

pytestmark = pytest.mark.django_db


def post(client, body: str, *, secret: str = "whsec_demo", age: int = 0):
    signature = stripe.WebhookSignature.generate_signature_header(body, secret, timestamp=int(time.time()) - age)
    return client.post(
        "/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": signature}
    )


def event(**more) -> str:
    body = {
        "id": "evt_1",
        "object": "event",
        "type": "unheard.of",
        "livemode": False,
        "data": {"object": {"id": "x_1", "object": "thing"}},
    }
    return json.dumps(body | more)


def test_paid_order_is_known_by_the_webhook_alone(deliver):
    order = place((open_shop(), "4.00", 1))
    payment = order.payments.get()
    charges.start(payment)
    checkout.pay(page_of(payment))

    assert set(deliver()) == {200}

    payment.refresh_from_db()
    assert payment.status == Payment.Status.AUTHORISED


def test_unknown_kind_is_answered_200(client):
    assert post(client, event()).status_code == 200


def test_same_event_is_stored_once(client):
    post(client, event())
    post(client, event())

    assert WebhookEvent.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"secret": "whsec_other"}, {"age": 301}])
def test_event_that_stripe_did_not_sign_now_is_refused(client, wrong):
    assert post(client, event(), **wrong).status_code == 400
    assert not WebhookEvent.objects.exists()


@pytest.mark.parametrize("header", ["", "nonsense", "t=1,v1=", "t=x,v1=y"])
def test_malformed_signature_is_refused(client, header):
    response = client.post(
        "/webhooks/stripe/", event(), content_type="application/json", headers={"Stripe-Signature": header}
    )

    assert response.status_code == 400
    assert not WebhookEvent.objects.exists()


def test_signature_of_another_body_is_refused(client):
    signature = stripe.WebhookSignature.generate_signature_header(event(), "whsec_demo")

    response = client.post(
        "/webhooks/stripe/",
        event(id="evt_2"),
        content_type="application/json",
        headers={"Stripe-Signature": signature},
    )

    assert response.status_code == 400


def test_each_of_our_secrets_is_tried(client, settings):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", "whsec_demo"]

    assert post(client, event()).status_code == 200


def test_live_event_is_dropped_by_a_demonstration(client):
    assert post(client, event(livemode=True)).status_code == 200
    assert not WebhookEvent.objects.exists()


def test_huge_body_is_refused_before_it_is_read(client):
    assert post(client, "x" * (webhooks.LARGEST_BODY + 1)).status_code == 413


@pytest.mark.parametrize("order_of_events", range(6))
def test_events_in_any_order_and_twice_lead_to_the_same_books(client, order_of_events):
    order = place((open_shop(), "4.00", 1))
    payment = debit(order)
    checkout.create_refund({"payment_intent": payment.intent_id, "amount": 100})
    bodies = [row.body for row in Event.objects.exclude(kind__startswith="transfer")][:3]
    permutation = list(itertools.permutations(bodies))[order_of_events]

    for body in [*permutation, *permutation]:
        post(client, json.dumps(body))
    webhooks.process_due()

    payment.refresh_from_db()
    assert (payment.captured, payment.refunded, payment.refunds.count()) == (400, 100, 1)
    assert sum(payment.entries.values_list("amount", flat=True)) == 0
    assert not WebhookEvent.objects.filter(done_at=None).exists()


def test_webhook_before_our_own_answer_is_kept_until_we_know_the_page(deliver):
    order = place((open_shop(), "4.00", 1))
    payment = order.payments.get()
    charges.start(payment)
    page = page_of(payment)
    Payment.objects.update(session_id="", status="new")
    Operation.objects.update(status="due")
    checkout.pay(page)

    deliver()
    waiting = WebhookEvent.objects.filter(done_at=None).count()
    Operation.objects.update(try_at=timezone.now())
    operations.work_due()
    WebhookEvent.objects.update(try_at=timezone.now())
    webhooks.process_due()

    payment.refresh_from_db()
    assert waiting == 2
    assert payment.status == Payment.Status.AUTHORISED


def test_late_webhook_after_a_cancellation_releases_the_hold(deliver):
    order = place((open_shop(), "4.00", 1))
    payment = order.payments.get()
    charges.start(payment)
    checkout.pay(page_of(payment))
    charges.cancel(payment)
    operations.work_due()

    deliver()
    operations.work_due()

    payment.refresh_from_db()
    assert payment.status == Payment.Status.CANCELED
    assert Intent.objects.get().status == "canceled"


def test_event_is_tried_again_when_stripe_is_silent(deliver):
    order = place((open_shop(), "4.00", 1))
    payment = order.payments.get()
    charges.start(payment)
    checkout.pay(page_of(payment))
    trouble(Fault.Kind.TIMEOUT_BEFORE, "sessions", times=6)

    deliver()
    payment.refresh_from_db()
    between = payment.status
    WebhookEvent.objects.update(try_at=timezone.now())
    webhooks.process_due()

    payment.refresh_from_db()
    assert (between, payment.status) == ("session_open", "authorised")


@pytest.mark.parametrize("kind", [Fault.Kind.WEBHOOK_DROPPED, Fault.Kind.WEBHOOK_TWICE])
def test_lost_or_doubled_webhook_changes_nothing_in_the_end(deliver, kind):
    trouble(kind, times=10)
    order = place((open_shop(), "4.00", 1))

    payment = hold(order)
    deliver()

    payment.refresh_from_db()
    assert payment.status == Payment.Status.AUTHORISED
    assert payment.history().filter(current="authorised").count() == 1


def test_capability_event_makes_a_shop_payable(deliver):
    shop = open_shop(transfers_active=False)
    Account.objects.update(capability="restricted")
    connect.set_capability(Account.objects.get(), "active")

    deliver()

    assert Shop.objects.get(pk=shop.pk).transfers_active


def test_lost_events_are_fetched_and_shops_asked_again(client):
    shop = open_shop(transfers_active=False)
    trouble(Fault.Kind.WEBHOOK_DROPPED, times=10)
    order = place((open_shop(), "4.00", 1))
    payment = order.payments.get()
    charges.start(payment)
    checkout.pay(page_of(payment))

    lost = sweep.catch_up()
    webhooks.process_due()

    payment.refresh_from_db()
    shop.refresh_from_db()
    assert lost == 2
    assert payment.status == Payment.Status.AUTHORISED
    assert shop.transfers_active
