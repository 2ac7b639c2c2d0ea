"""Messages to a shop's program: signed, sent until they are taken, seen by the shop, and no way into our own network."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from marketplace.foundation.models import Message
from marketplace.foundation.outside import Network
from shops import orders, tasks
from shops.models import HookCall, ShopEvent, ShopHook
from shops.tills import calling, events, hooks
from shops.tills.keys import TillError
from tests.factories import make_product, make_shop, make_staff
from tests.outside import http, serving
from tests.shops.orders_of import paid_shop_order

pytestmark = pytest.mark.django_db
Kind = ShopEvent.Kind
ALL = list(Kind.values)


@pytest.fixture
def shop():
    shop = make_shop(opening_hours="24/7")
    make_staff(shop)
    return shop


@pytest.fixture
def hook(shop):
    return listening(shop)


def listening(shop, kinds=ALL) -> ShopHook:
    """An address of the shop; the names of these tests lead to a server without a certificate."""
    hook = hooks.add(shop, address="https://till.example/halles?shop=1", kinds=list(kinds))
    ShopHook.objects.filter(pk=hook.pk).update(address="http://till.example/halles?shop=1")
    hook.refresh_from_db()
    return hook


def work(server) -> int:
    """One round of the worker."""
    events.number_all()
    return calling.work_due(seconds=5, network=server.network())


def parts(request: bytes) -> tuple[str, dict[str, str], bytes]:
    """First line, headers in small letters, and body of a request."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return first, {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}, body


def test_an_order_is_told_once_signed_and_without_the_resident(shop, hook):
    shop_order = paid_shop_order(make_product(shop), email="resident-secret@example.org")

    with serving() as server:
        assert (work(server), work(server)) == (1, 0)

    first, headers, body = parts(server.requests[0])
    assert first == "POST /halles?shop=1 HTTP/1.1"
    assert Webhook(hook.secret).verify(body, headers) == {
        "type": "order.placed",
        "timestamp": shop_order.events.get().at.isoformat(),
        "data": {
            "position": 1,
            "order": {
                "number": shop_order.number,
                "status": "awaiting",
                "total": "9.00",
                "answer_by": shop_order.answer_by.isoformat(),
                "deposit_by": shop_order.deposit_by.isoformat(),
            },
        },
    }
    assert b"resident" not in body
    call = hook.calls.get()
    assert (call.status, call.attempts, call.done_at is not None) == (200, 1, True)


def test_the_example_of_the_documents_works(shop, hook):
    text = (settings.BASE_DIR / "docs" / "desk" / "tills.md").read_text(encoding="utf-8")
    [example] = [code for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "hmac" in code]
    exec(example, names := {})  # noqa: S102  our own page
    hooks.try_line(hook)

    with serving() as server:
        work(server)

    _first, headers, body = parts(server.requests[0])
    assert names["is_from_halles"](headers, body, hook.secret) is True
    assert names["is_from_halles"](headers, body + b" ", hook.secret) is False


def test_a_message_that_was_changed_on_the_way_is_not_ours(shop, hook):
    paid_shop_order(make_product(shop))

    with serving() as server:
        work(server)

    _first, headers, body = parts(server.requests[0])
    with pytest.raises(WebhookVerificationError):
        Webhook(hook.secret).verify(body.replace(b"9.00", b"1.00"), headers)


def test_an_address_hears_of_what_it_wants(shop):
    hook = listening(shop, [Kind.ACCEPTED, Kind.SOLD_OUT])
    shop_order = paid_shop_order(make_product(shop, stock=2), 2)
    orders.accept_all(shop_order, by=None)

    events.number_all()

    assert set(hook.calls.values_list("kind", flat=True)) == {Kind.ACCEPTED, Kind.SOLD_OUT}


def test_what_was_before_the_address_and_what_is_a_neighbours_is_not_told(shop):
    paid_shop_order(make_product(shop))
    hook = listening(shop)
    paid_shop_order(make_product(make_shop(opening_hours="24/7")))

    events.number_all()

    assert not hook.calls.exists()


def test_a_new_secret_signs_beside_the_old_one_for_a_day(shop, hook):
    old, new = hook.secret, hooks.rotate(hook)
    hooks.try_line(hook)
    with serving() as server:
        work(server)
        _first, headers, body = parts(server.requests[0])
        assert Webhook(old).verify(body, headers) == Webhook(new).verify(body, headers)

        with time_machine.travel(timezone.now() + timedelta(hours=25)):
            hooks.try_line(hook)
            work(server)
            _first, headers, body = parts(server.requests[1])
            assert Webhook(new).verify(body, headers)
            with pytest.raises(WebhookVerificationError):
                Webhook(old).verify(body, headers)


def test_what_is_not_taken_comes_again_with_the_same_id_for_three_days(shop, hook):
    paid_shop_order(make_product(shop))
    began = timezone.now()
    moments = []
    with (
        serving(http(b"out of order", status="500 Internal Server Error")) as server,
        time_machine.travel(began, tick=False) as clock,
    ):
        work(server)
        while not hook.calls.filter(given_up_at__isnull=False).exists():
            moments.append(timezone.now() - began)
            call = hook.calls.get()
            assert (call.status, call.answer, work(server)) == (500, "out of order", 0)
            clock.move_to(call.try_at)
            assert work(server) == 1

    assert moments[:4] == [
        timedelta(0),
        timedelta(seconds=5),
        timedelta(minutes=5, seconds=5),
        timedelta(minutes=35, seconds=5),
    ]
    assert server.calls == len(moments) + 1 == 10
    assert timedelta(days=3) < timezone.now() - began + (call.try_at - timezone.now()) < timedelta(days=4)
    names = {parts(request)[1]["webhook-id"] for request in server.requests}
    assert names == {f"msg_{call.uuid.hex}"}


def test_an_address_that_took_nothing_for_three_days_is_switched_off_and_its_owner_told(shop, hook):
    paid_shop_order(make_product(shop))
    events.number_all()
    hook.calls.update(attempts=len(calling.WAITS))

    with serving(http(status="503 Service Unavailable")) as server:
        work(server)
        hooks.try_line(hook)
        assert work(server) == 0

    hook.refresh_from_db()
    assert hook.is_on is False
    mail = Message.objects.get(kind="webhook_off")
    assert mail.to == shop.staff.get().user.email
    assert hook.address in mail.text


def test_an_address_that_takes_other_messages_stays_on_when_one_is_given_up(shop, hook):
    paid_shop_order(make_product(shop))
    events.number_all()
    hook.calls.update(attempts=len(calling.WAITS))
    ShopHook.objects.update(succeeded_at=timezone.now())

    with serving(http(status="500 Internal Server Error")) as server:
        work(server)

    hook.refresh_from_db()
    assert (hook.is_on, hook.calls.get().given_up_at is not None) == (True, True)


def test_an_address_that_says_that_it_is_gone_is_switched_off_at_once(shop, hook):
    hooks.try_line(hook)

    with serving(http(status="410 Gone")) as server:
        work(server)

    hook.refresh_from_db()
    assert hook.is_on is False


def test_a_redirect_is_not_followed(shop, hook):
    hooks.try_line(hook)

    with serving(http(status="302 Found", Location="http://127.0.0.1/")) as server:
        work(server)

    assert (server.calls, hook.calls.get().status) == (1, 302)


@pytest.mark.parametrize("number", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1"])
def test_no_address_leads_into_our_own_network(shop, hook, number):
    hooks.try_line(hook)
    with serving() as server:
        inside = Network(resolve=lambda host, port: [(number, server.port)])

        calling.work_due(seconds=5, network=inside)

    assert server.calls == 0
    call = hook.calls.get()
    assert (call.status, call.answer) == (None, "« till.example » n’est pas une adresse du web public.") or (
        call.status is None and "till.example" in call.answer
    )


@pytest.mark.parametrize(
    "address", ["http://till.example/", "https://u:p@till.example/", "https://till.example:8080/", "ftp://x/", "x", ""]
)
def test_an_address_that_we_do_not_call_is_refused_in_words(shop, address):
    with pytest.raises(TillError) as error:
        hooks.add(shop, address=address, kinds=ALL)

    assert str(error.value).endswith(".")
    assert not shop.hooks.exists()


def test_the_shop_has_no_more_addresses_than_programs(shop):
    for _ in range(hooks.MOST_HOOKS):
        listening(shop)

    with pytest.raises(hooks.TooManyHooks):
        listening(shop)


def test_an_answer_without_end_is_cut(shop, hook):
    hooks.try_line(hook)

    with serving(http(b"\x00<b>x</b>" * 50_000)) as server:
        work(server)

    call = hook.calls.get()
    assert call.done_at is not None
    assert 0 < len(call.answer) <= calling.SHOWN
    assert "\x00" not in call.answer


def test_an_address_that_fails_does_not_keep_the_others_waiting(shop, hook):
    for _ in range(3):
        hooks.try_line(hook)
    other = listening(make_shop(opening_hours="24/7"))
    hooks.try_line(other)

    with serving(http(status="500 Internal Server Error"), http()) as server:
        assert work(server) == 2

    assert (hook.calls.filter(attempts=1).count(), other.calls.filter(done_at__isnull=False).count()) == (1, 1)


def test_a_message_is_sent_again_with_the_same_id(shop, hook):
    call = hooks.try_line(hook)
    with serving() as server:
        work(server)
        assert hooks.send_again(call) is True
        work(server)

    first, second = (parts(request) for request in server.requests)
    assert (first[1]["webhook-id"], first[2]) == (second[1]["webhook-id"], second[2])


def test_a_message_that_is_being_sent_is_not_sent_beside_it(shop, hook):
    call = hooks.try_line(hook)
    assert calling._claim(HookCall.objects.get(pk=call.pk)) is True

    assert hooks.send_again(call) is False
    with serving() as server:
        assert work(server) == 0


def test_the_task_tells_and_lets_go_of_its_place(shop, hook, monkeypatch):
    paid_shop_order(make_product(shop))
    with serving() as server:
        monkeypatch.setattr(calling.work_due, "__kwdefaults__", {"network": server.network()})
        tasks.call_hooks()
        hooks.try_line(hook)
        tasks.call_hooks()

    assert [json.loads(parts(request)[2])["type"] for request in server.requests] == ["order.placed", "test"]


def test_old_calls_are_forgotten(shop, hook):
    hooks.try_line(hook)

    assert hooks.forget() == 0
    assert hooks.forget(timezone.now() + hooks.KEPT + timedelta(days=1)) == 1
