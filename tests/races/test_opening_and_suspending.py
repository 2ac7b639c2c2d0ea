"""A shop is opened, suspended, reopened and closed by several people at the same moment. Each with its control."""

from collections import Counter

import pytest

from marketplace.foundation.lifecycle import ForbiddenMove
from marketplace.foundation.models import Message
from shops import joining, leaving, suspending
from shops.models import Shop, Suspension
from tests.factories import make_shop, make_staff
from tests.races.racing import meeting, race, unlock
from tests.shops.joining_of import make_opener, make_ready

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
PEOPLE = 4


def names(outcomes: list) -> Counter:
    """Outcomes by what they were: "done", or the name of the error."""
    return Counter(type(each).__name__ if isinstance(each, Exception) else "done" for each in outcomes)


def open_at_once() -> tuple[Counter, int]:
    """Four people open a shop that waits: what each heard, and the mails to its owner."""
    shop, owner = make_ready()
    joining.ask(shop, by=owner)
    openers = [make_opener() for _ in range(PEOPLE)]
    with meeting((joining, "_refuse_incomplete")):
        outcomes = race(lambda number: joining.open_shop(shop, by=openers[number]), PEOPLE)
    assert Shop.objects.get(pk=shop.pk).status == Shop.Status.OPEN
    return names(outcomes), Message.objects.filter(kind="joining_opened").count()


def test_a_shop_is_opened_once_and_told_once():
    assert open_at_once() == ({"done": 1, "NotWaiting": PEOPLE - 1}, 1)


def test_without_the_lock_it_is_told_more_than_once(monkeypatch):
    unlock(monkeypatch)

    _outcomes, mails = open_at_once()

    assert mails > 1


def open_and_send_back() -> tuple[list, str, set]:
    """One opens a shop, one sends it back: the outcomes, the shop's state, and the mails that its owner got."""
    shop, owner = make_ready()
    joining.ask(shop, by=owner)
    opener, other = make_opener(), make_opener()

    def go(number):
        if number:
            return joining.send_back(shop, by=other, sentence="Il manque une photo.")
        return joining.open_shop(shop, by=opener)

    with meeting((Shop, "move")):
        outcomes = race(go, 2)
    kinds = ("joining_opened", "joining_sent_back")
    mails = set(Message.objects.filter(kind__in=kinds).values_list("kind", flat=True))
    return outcomes, Shop.objects.get(pk=shop.pk).status, mails


def test_a_shop_is_opened_or_sent_back_never_both():
    outcomes, status, mails = open_and_send_back()

    assert names(outcomes) == {"done": 1, "NotWaiting": 1}
    assert (status, mails) in [
        (Shop.Status.OPEN, {"joining_opened"}),
        (Shop.Status.DRAFT, {"joining_sent_back"}),
    ]


def test_without_the_lock_somebody_sees_an_error_of_ours(monkeypatch):
    unlock(monkeypatch)

    outcomes, _status, _mails = open_and_send_back()

    assert any(isinstance(each, ForbiddenMove) for each in outcomes)


def suspend_and_leave() -> tuple[list, str, int]:
    """The association suspends a shop while its owner closes it: the outcomes, its state, suspensions that have begun."""
    shop = make_shop(opening_hours="24/7")
    owner, opener = make_staff(shop), make_opener()

    def go(number):
        if number:
            return suspending.suspend(shop, ground="orders", reasons="Trois commandes sans réponse.", by=opener)
        return leaving.close(shop, by=owner)

    with meeting((Shop, "move")):
        outcomes = race(go, 2)
    begun = Suspension.objects.filter(begun_at__isnull=False).count()
    return outcomes, Shop.objects.get(pk=shop.pk).status, begun


def test_a_shop_that_leaves_while_it_is_suspended_has_left():
    outcomes, status, begun = suspend_and_leave()

    assert status == Shop.Status.CLOSED
    assert (names(outcomes), begun) in [({"done": 2}, 1), ({"done": 1, "NotOpen": 1}, 0)]


def test_without_the_lock_leaving_and_suspending_end_in_an_error_of_ours(monkeypatch):
    unlock(monkeypatch)

    outcomes, _status, _begun = suspend_and_leave()

    assert any(isinstance(each, ForbiddenMove) for each in outcomes)


def suspend_at_once() -> tuple[Counter, int, int]:
    """Four people suspend an open shop: what each heard, the statements of reasons, and the mails to its owner."""
    shop = make_shop(opening_hours="24/7")
    make_staff(shop)
    openers = [make_opener() for _ in range(PEOPLE)]
    reasons = {"ground": "orders", "reasons": "Trois commandes sans réponse."}
    outcomes = race(lambda number: suspending.suspend(shop, by=openers[number], **reasons), PEOPLE)
    return names(outcomes), Suspension.objects.count(), Message.objects.filter(kind="suspended").count()


def test_a_shop_is_suspended_once():
    assert suspend_at_once() == ({"done": 1, "NotOpen": PEOPLE - 1}, 1, 1)


def reopen_at_once() -> Counter:
    """Four people end a suspension: what each heard."""
    shop = make_shop(opening_hours="24/7")
    opener = make_opener()
    suspending.suspend(shop, ground="orders", reasons="Trois commandes sans réponse.", by=opener)
    with meeting((suspending, "_end")):
        outcomes = race(lambda _number: suspending.reopen(shop, reason="Réglé.", by=opener), PEOPLE)
    assert Shop.objects.get(pk=shop.pk).status == Shop.Status.OPEN
    return names(outcomes)


def test_a_suspension_ends_once():
    assert reopen_at_once() == {"done": 1, "NotSuspended": PEOPLE - 1}


def test_without_the_lock_it_ends_for_several_people(monkeypatch):
    unlock(monkeypatch)

    assert reopen_at_once()["done"] > 1
