"""The fake Stripe is as strict as the real one: what passes here has the right names, types, order and amounts."""

import json

import pytest
from django.urls import reverse

from shops.payments import errors, gateway, onboarding
from shops.payments.fake import api, contract
from shops.payments.fake.models import Account, Charge, Delivery, Event, Fault, Idempotency, Session, Transfer
from tests.factories import make_shop, make_user
from tests.shops.payments.conftest import debit, open_shop, page_of, place

pytestmark = pytest.mark.django_db
KEY = {"Authorization": "Bearer sk_test_demo"}


def call(method: str, path: str, body: str = "", **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    if method == "POST":
        wanted = "application/json" if path.startswith("/v2") else "application/x-www-form-urlencoded"
        headers = {"Content-Type": wanted} | headers
    answer = api.answer(method, path, KEY | headers, body)
    return answer.status, answer.body


def test_form_encoding_is_read_as_stripe_reads_it():
    assert contract.decode_form("a=1&b[c]=2&d[0][e]=3&d[1][e]=4&f[]=") == {
        "a": "1",
        "b": {"c": "2"},
        "d": [{"e": "3"}, {"e": "4"}],
        "f": {"": ""},
    }


@pytest.mark.parametrize(
    ("path", "body", "code", "param"),
    [
        ("/v1/transfers", "amount=5&destination=a", "parameter_missing", "currency"),
        ("/v1/transfers", "currency=eur&destination=a&idempotency_key=k", "parameter_unknown", "idempotency_key"),
        ("/v1/transfers", "currency=eur&destination=a&amount=five", "parameter_invalid", "amount"),
        (
            "/v1/checkout/sessions",
            "mode=payment&payment_intent_data[capture_methode]=manual",
            "parameter_unknown",
            "payment_intent_data[capture_methode]",
        ),
        ("/v1/checkout/sessions", "mode=paiement", "parameter_invalid", "mode"),
        (
            "/v1/checkout/sessions",
            "line_items[0][price_data][unit_amount]=5",
            "parameter_missing",
            "line_items[0][price_data][currency]",
        ),
        ("/v2/core/account_links", json.dumps({"account": "a"}), "parameter_missing", "use_case"),
    ],
)
def test_wrong_parameters_are_refused_by_the_sdk_types(path, body, code, param):
    status, answer = call("POST", path, body)

    assert (status, answer["error"]["code"]) == (400, code)
    assert param in (answer["error"]["param"], answer["error"]["message"])


def test_unknown_address_wrong_key_and_wrong_encoding_are_refused():
    assert call("GET", "/v1/nothing")[0] == 404
    assert call("GET", "/v1/balance", Authorization="Bearer sk_live_x")[0] == 401
    assert call("POST", "/v1/transfers", "{}", Content_Type="application/json")[0] == 400


def test_key_repeats_the_first_answer_and_refuses_other_parameters():
    body = json.dumps({"display_name": "A"})

    first = call("POST", "/v2/core/accounts", body, Idempotency_Key="k1")
    again = call("POST", "/v2/core/accounts", body, Idempotency_Key="k1")
    other = call("POST", "/v2/core/accounts", json.dumps({"display_name": "B"}), Idempotency_Key="k1")

    assert first == again
    assert (other[0], other[1]["error"]["type"]) == (400, "idempotency_error")
    assert Account.objects.count() == 1


def test_key_remembers_a_500_but_not_a_validation_error():
    Fault.objects.create(kind=Fault.Kind.SERVER_ERROR)

    answers = [call("POST", "/v2/core/accounts", "{}", Idempotency_Key="k1")[0] for _try in range(2)]
    call("POST", "/v2/core/accounts", '{"nom": 1}', Idempotency_Key="k2")

    assert answers == [500, 500]
    assert not Account.objects.exists()
    assert list(Idempotency.objects.values_list("key", flat=True)) == ["k1"]


def test_lists_are_paged(settings):
    payment = debit(place((open_shop(), "9.00", 1)))
    for _refund in range(3):
        call("POST", "/v1/refunds", f"payment_intent={payment.intent_id}&amount=100")

    first = call("GET", f"/v1/refunds?payment_intent={payment.intent_id}&limit=2")[1]
    second = call("GET", f"/v1/refunds?limit=2&starting_after={first['data'][-1]['id']}")[1]

    assert (len(first["data"]), first["has_more"]) == (2, True)
    assert (len(second["data"]), second["has_more"]) == (1, False)
    assert len(gateway.refunds_of(payment)) == 3


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/v1/refunds", "payment_intent={intent}&amount=901", "amount_too_large"),
        ("/v1/payment_intents/{intent}/capture", "amount_to_capture=1", "charge_already_captured"),
        ("/v1/payment_intents/{intent}/cancel", "", "payment_intent_unexpected_state"),
        (
            "/v1/transfers",
            "amount=901&currency=eur&destination={account}&source_transaction={charge}",
            "amount_too_large",
        ),
        ("/v1/transfers", "amount=1&currency=eur&destination={account}", "balance_insufficient"),
        ("/v1/checkout/sessions/{session}/expire", "", None),
    ],
)
def test_rules_of_money_are_enforced_and_change_nothing(path, body, code):
    payment = debit(place((open_shop(), "9.00", 1)))
    names = {
        "intent": payment.intent_id,
        "charge": payment.charge_id,
        "session": payment.session_id,
        "account": Account.objects.get().id,
    }

    status, answer = call("POST", path.format(**names), body.format(**names))

    charge = Charge.objects.get()
    assert (status, answer["error"].get("code")) == (400, code)
    assert (charge.captured, charge.refunded, Transfer.objects.count()) == (900, 0, 0)


def test_resident_pays_on_the_hosted_page(client):
    payment = place((open_shop(), "4.00", 1)).payments.get()
    from shops.payments import charges

    address = charges.start(payment).removeprefix("http://127.0.0.1:8000")

    shown = client.get(address)
    paid = client.post(address, {"choice": "pay"})
    again = client.post(address, {"choice": "pay"})

    assert shown.status_code == 200
    assert "4,00 €" in shown.content.decode()
    assert 'type="text"' not in shown.content.decode()
    assert paid.status_code == again.status_code == 303
    assert f"p={payment.uuid}" in paid["Location"]
    assert payment_session(payment).id in paid["Location"]
    assert Charge.objects.count() == 1


def payment_session(payment) -> Session:
    payment.refresh_from_db()
    return page_of(payment)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([("", "refuse")], "Votre banque|Your bank refused"),
        ([("3ds/", "fail")], "3-D Secure"),
    ],
)
def test_refusal_is_told_and_another_try_is_possible(client, steps, said):
    from shops.payments import charges

    payment = place((open_shop(), "4.00", 1)).payments.get()
    address = charges.start(payment).removeprefix("http://127.0.0.1:8000")

    for path, choice in steps:
        client.post(address + path, {"choice": choice})
    shown = client.get(address).content.decode()
    client.post(address + "3ds/", {"choice": "confirm"})

    assert 'role="alert"' in shown
    assert any(text in shown for text in said.split("|"))
    assert charges.sync(payment).status == "authorised"


def test_back_button_of_the_page_takes_no_money(client):
    from shops.payments import charges

    payment = place((open_shop(), "4.00", 1)).payments.get()
    address = charges.start(payment).removeprefix("http://127.0.0.1:8000")

    response = client.post(address, {"choice": "back"})

    assert response["Location"].endswith(f"?p={payment.uuid}&back=1")
    assert charges.sync(payment).status == "session_open"


def test_api_answers_over_http(client):
    response = client.get("/demo/stripe/api/v1/balance", headers=KEY)

    assert (response.status_code, response.json()["object"]) == (200, "balance")


def test_ordered_timeout_breaks_the_connection_off(client):
    Fault.objects.create(kind=Fault.Kind.TIMEOUT_AFTER)

    response = client.get("/demo/stripe/api/v1/balance", headers=KEY)

    assert len(b"".join(response.streaming_content)) < int(response["Content-Length"])


def test_shopkeeper_is_payable_after_the_onboarding_page(client, deliver):
    shop = make_shop(stripe_account="", transfers_active=False)

    address = onboarding.start(shop, return_url="http://127.0.0.1:8000/back", refresh_url="http://127.0.0.1:8000/again")
    before = onboarding.refresh(shop)
    first = client.post(address.removeprefix("http://127.0.0.1:8000"), {"choice": "complete"})
    spent = client.get(address.removeprefix("http://127.0.0.1:8000"))
    deliver()

    shop.refresh_from_db()
    assert (before, shop.transfers_active) == (False, True)
    assert first["Location"].endswith("/back")
    assert spent["Location"].endswith("/again")


def test_shop_gets_one_account_though_the_answer_is_lost():
    shop = make_shop(stripe_account="", transfers_active=False)
    Fault.objects.create(kind=Fault.Kind.TIMEOUT_AFTER, where="accounts", left=3)

    with pytest.raises(errors.PaymentUnavailable):
        onboarding.open_account(shop)
    onboarding.open_account(shop)

    assert shop.stripe_account == Account.objects.get().id


def test_console_is_for_staff(client):
    assert client.get(reverse("payments_fake:console")).status_code == 403
    assert client.post(reverse("payments_fake:order_fault"), {"kind": "decline"}).status_code == 403
    assert not Fault.objects.exists()

    client.force_login(make_user(is_staff=True))
    client.post(reverse("payments_fake:order_fault"), {"kind": "decline", "times": "3"})

    assert Fault.objects.get().left == 3
    assert client.get(reverse("payments_fake:console")).status_code == 200


def test_failing_delivery_breaks_nothing_and_comes_back():
    from shops.payments.fake import events

    Delivery.objects.bulk_create([Delivery(event=_event())])

    arrived = events.deliver_due(lambda body, signature: 0)

    delivery = Delivery.objects.get()
    assert (arrived, delivery.attempts, delivery.delivered_at) == (0, 1, None)
    assert delivery.try_at > delivery.event.created_at


def _event() -> Event:
    event = Event(kind="x", body={})
    event.save()
    return event
