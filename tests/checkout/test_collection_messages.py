"""What people read when something about the collection changes: more time, another place, the last call, lost food."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.foundation.messages import Message
from pickup import capacity, collections
from pickup.collections import cold, outages
from pickup.models import Bank, Collection, Compartment, Outage
from shops import orders
from shops.payments import operations
from tests.checkout.town import RESIDENT, make_counter, place
from tests.factories import make_basket, make_product
from tests.pickup.makers import free_compartment, make_bank, parcels_of, shift
from tests.shops.payments.conftest import hold, open_shop

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def bank():
    return make_bank("S", "S", "M chilled")


@pytest.fixture
def collection(bank):
    """Tea and cheese of two shops, debited; the resident chose the locker."""
    tea = make_product(open_shop(name="Épicerie du Pont", email="pont@example.org", opening_hours="24/7"), "Thé")
    dairy = open_shop(name="Crémerie", email="creme@example.org", opening_hours="24/7", phone="02 41 00 00 00")
    cheese = make_product(dairy, "Fromage", price="7.00", temperature="chilled")
    order = place(make_basket((tea, 1), (cheese, 1)))
    hold(order)
    for shop_order in order.shop_orders.all():
        orders.accept_all(shop_order, by=None)
    for _round in range(3):
        operations.work_due()
    return Collection.objects.get(order=order)


def bring(collection, *temperatures):
    for parcel in parcels_of(collection):
        if not temperatures or parcel.leg.temperature in temperatures:
            collections.deposit(parcel, compartment=free_compartment(parcel))
    collection.refresh_from_db()


def told(kind: str) -> Message:
    """The one message of this kind to the resident."""
    return Message.objects.get(kind=kind, to=RESIDENT.email)


def test_a_partial_order_names_the_shop_that_did_not_come(collection):
    bring(collection, "chilled")

    collections.close_deposits(collection)

    assert "Il manque les achats de\u00a0: Épicerie du Pont" in told("ready").text


def test_the_last_call_names_the_shop_to_ask_for_food(collection):
    bring(collection)
    shift(collection, collection.ends_at - timezone.now())

    collections.expire_due()
    collections.expire_due()

    text = told("last_call").text
    assert "Crémerie" in text
    assert "02 41 00 00 00" in text
    assert "Épicerie" not in text


def test_goods_at_a_counter_are_told_with_its_hours(collection):
    make_counter(name="Office de tourisme", opening_hours="Mo-Su 09:00-18:00")
    bring(collection)

    for leg in collection.legs.all():
        collections.move_to_counter(leg, reason="cleared")

    mail = told("at_counter")
    assert "Office de tourisme" in mail.subject
    assert "09:00 – 18:00" in mail.text
    assert "Elle est gardée jusqu’au" in mail.text


def test_the_rest_of_an_order_does_not_claim_what_was_collected(collection):
    """Both doors are cleared in turn, but the tea went home in between."""
    make_counter(name="Office de tourisme", opening_hours="Mo-Su 09:00-18:00")
    bring(collection)
    collections.collect(collection.legs.get(temperature="ambient"))

    collections.move_to_counter(collection.legs.get(temperature="chilled"), reason="cleared")

    mail = told("at_counter")
    assert mail.subject.startswith("Le reste de votre commande")
    assert "Sur place\u00a0: Crémerie (frais)" in mail.text
    assert "Déjà retiré\u00a0: Épicerie du Pont (ambiant)" in mail.text


def test_one_door_cleared_says_which_goods_are_where(bank, collection):
    make_counter(name="Office de tourisme", opening_hours="Mo-Su 09:00-18:00")
    bring(collection)
    door = collection.legs.get(temperature="chilled").compartment.label

    for _twice in range(2):
        collections.move_to_counter(collection.legs.get(temperature="ambient"), reason="cleared")

    mail = told("part_at_counter")
    assert mail.subject == "Une partie de votre commande vous attend au comptoir\u00a0: Office de tourisme"
    assert "Sur place\u00a0: Épicerie du Pont (ambiant)" in mail.text
    assert f"Encore dans la consigne {bank.point.name}, casier {door}\u00a0: Crémerie (frais)" in mail.text
    assert "09:00 – 18:00" in mail.text
    assert collections.progress(collection).pin in mail.text
    assert not Message.objects.filter(kind="at_counter").exists()


def test_all_doors_of_a_leg_are_named(bank, collection):
    bring(collection, "chilled")
    further = bank.compartments.get(label="C2")
    collection.legs.get(temperature="chilled").more_doors.create(compartment=further)

    bring(collection, "ambient")

    assert "C1, C3, C2" in told("ready").text


def test_time_given_back_is_told_once_and_more_time_asked_for_too(bank, collection):
    bring(collection)
    collections.collect(collection.legs.get(temperature="chilled"))
    shift(collection, collection.starts_at - timezone.now() + 2 * HOUR)
    Outage.objects.create(
        bank=bank, kind="silent", started_at=collection.starts_at, ended_at=collection.starts_at + HOUR
    )
    Bank.objects.filter(pk=bank.pk).update(last_seen_at=timezone.now())

    outages.make_up()
    outages.make_up()
    by_rule = told("extended").text
    collections.extend(collection)

    assert "en panne" in by_rule
    texts = list(Message.objects.filter(kind="extended").order_by("pk").values_list("text", flat=True))
    assert [("en panne" in text, "gratuit" in text) for text in texts] == [(True, False), (False, True)]


def test_another_place_is_told_to_the_resident_and_to_both_shops(bank, collection):
    make_counter(name="Office de tourisme")
    shift(collection, collection.deposit_from - timezone.now() + timedelta(minutes=1))
    Compartment.objects.filter(bank=bank).update(service="out_of_service")
    capacity.recount(bank)

    collections.redirect_displaced()
    collections.redirect_displaced()

    assert "Office de tourisme" in told("redirected").subject
    shops = Message.objects.filter(kind="shop_redirected").order_by("to").values_list("to", flat=True)
    assert list(shops) == ["creme@example.org", "pont@example.org"]


def test_food_that_got_too_warm_is_told_with_its_refund_and_once(bank, collection):
    bring(collection)

    cold.begin_excursion(bank.zones.get(temperature="chilled"), since=timezone.now() - HOUR)
    for _round in range(3):
        operations.work_due()

    mail = told("goods_ruined")
    assert "1 × Fromage" in mail.text
    assert "7,00" in mail.text
    assert not Message.objects.filter(kind="refunded").exists()
    assert Message.objects.get(kind="shop_ruined").to == "creme@example.org"


def test_a_door_that_was_found_empty_is_told_as_ours_and_the_loss_with_its_refund(collection, settings):
    settings.HELP_EMAIL = "aide@valmont.example"
    bring(collection)
    leg = collection.legs.get(temperature="chilled")

    collections.report_problem(collection, kind="something_missing", leg=leg, seen_by_operator=True)
    collections.lose(leg, reason="introuvable", by=None)
    for _round in range(3):
        operations.work_due()

    first, lost = told("problem_noted").text, told("goods_lost").text
    assert "nous n’y avons pas trouvé vos achats" in first
    assert "Vous nous avez signalé" not in first
    assert "1 × Fromage" in lost
    assert "7,00" in lost
    assert not Message.objects.filter(kind__in=["refunded", "goods_ruined", "shop_ruined"]).exists()
    shops = Message.objects.filter(kind__in=["problem_shop", "shop_lost"]).order_by("kind")
    assert [(each.kind, each.to) for each in shops] == [
        ("problem_shop", "creme@example.org"),
        ("shop_lost", "creme@example.org"),
    ]
    assert "Vous êtes payé" in shops[1].text
    assert "n’a rien trouvé" in Message.objects.get(kind="problem_operator").text


def test_a_report_is_promised_an_answer_and_answered(collection, settings):
    settings.HELP_EMAIL = "aide@valmont.example"
    bring(collection)

    problem = collections.report_problem(collection, kind="something_missing", note="Pas de thé")
    collections.answer_problem(problem, answer="Nous vous remboursons le thé.", by=None)

    assert "nous répondons avant" in told("problem_noted").subject
    assert "Nous vous remboursons le thé." in told("problem_answered").text
    operators = Message.objects.get(kind="problem_operator")
    assert (operators.to, "Pas de thé" in operators.text, RESIDENT.email in operators.text) == (
        "aide@valmont.example",
        True,
        True,
    )
    shops = Message.objects.filter(kind="problem_shop").order_by("to").values_list("to", "text")
    assert [to for to, _text in shops] == ["creme@example.org", "pont@example.org"]
    assert not any(RESIDENT.email in text for _to, text in shops)


def test_a_share_used_after_it_was_withdrawn_is_told(collection):
    bring(collection)
    given = collections.share(collection, name="Odile")
    collections.revoke(given)

    collections.note_use(collection, given.jti, at=timezone.now() + timedelta(minutes=1))
    collections.note_use(collection, given.jti, at=timezone.now() + timedelta(minutes=2))

    assert "Odile" in told("share_opened").subject
