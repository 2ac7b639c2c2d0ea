"""Contract texts: versions, 15 days' notice, acceptance with who, when and which words."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.foundation.models import Message
from shops import contracts
from shops.models import ContractAcceptance, ContractVersion, Shop, ShopStaff
from tests.factories import make_shop, make_staff, make_user
from tests.shops.at_the_desk import sign_in

pytestmark = pytest.mark.django_db


def day(days: int):
    return timezone.localdate() + timedelta(days=days)


def publish(number="1", valid_from=None, text="Les règles", kind="terms"):
    return contracts.publish(kind=kind, number=number, text=text, valid_from=valid_from or day(0))


def accept(shop, version, by=None):
    return contracts.accept(shop, kind=version.kind, version_pk=version.pk, by=by or make_staff(shop))


def test_an_acceptance_keeps_who_when_and_which_words():
    shop, version = make_shop(), publish()
    owner = make_staff(shop)
    owner.first_name, owner.last_name = "Ada", "Essai"

    accepted = accept(shop, version, owner)

    assert (accepted.by, accepted.by_name) == (owner, f"Ada Essai <{owner.email}>")
    assert accepted.sha256 == version.sha256 and len(accepted.sha256) == 64
    assert accept(shop, version, owner) == accepted
    assert contracts.standing(shop, "terms").is_bound


def test_a_changed_word_changes_the_fingerprint():
    version = publish()
    before = version.sha256

    version.text += "."

    assert version.sha256 != before


@pytest.mark.parametrize("days", [-1, 0, 14])
def test_a_change_needs_fifteen_days_notice(days):
    publish()

    with pytest.raises(contracts.NoticeTooShort):
        publish("2", day(days))

    assert ContractVersion.objects.count() == 1


def test_a_new_version_is_announced_asked_for_and_binds_on_its_day():
    shop, first = make_shop(), publish()
    owner = make_staff(shop)
    accept(shop, first, owner)
    Message.objects.all().delete()

    second = publish("2", day(15))

    now, then = contracts.standing(shop, "terms"), contracts.standing(shop, "terms", today=day(15))
    assert list(Message.objects.values_list("kind", "to")) == [("shop_contract", owner.email)]
    assert (now.in_force, now.is_bound, now.to_accept) == (first, True, second)
    assert (then.in_force, then.is_bound, then.to_accept) == (second, False, second)
    accept(shop, second, owner)
    assert contracts.standing(shop, "terms", today=day(15)).is_bound


def test_a_shop_that_has_left_hears_of_no_new_text():
    make_staff(make_shop(status=Shop.Status.CLOSED))

    publish()

    assert not Message.objects.exists()


def test_a_number_or_a_day_has_one_text():
    publish()
    publish("2", day(20))

    with pytest.raises(contracts.VersionTaken):
        publish("2", day(21))
    with pytest.raises(contracts.VersionTaken):
        publish("3", day(20))


def test_an_old_page_does_not_accept_what_is_no_longer_on_offer():
    shop, first = make_shop(), publish()
    publish("2", day(20))

    with pytest.raises(contracts.NotOnOffer):
        accept(shop, first)

    assert not ContractAcceptance.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [{}, {"version": "1"}, {"agree": "on"}, {"agree": "on", "version": "x"}, {"agree": "on", "version": "9" * 40}],
)
def test_nonsense_at_the_desk_accepts_nothing(fields):
    publish()
    desk = sign_in(make_shop(), ShopStaff.Role.OWNER)

    assert desk("contract", "terms", data=fields).status_code == 200
    assert not ContractAcceptance.objects.exists()


def test_the_text_of_another_kind_is_not_accepted_by_its_number():
    publish()
    mandate = publish(kind="mandate")
    desk = sign_in(make_shop(), ShopStaff.Role.OWNER)

    desk("contract", "terms", data={"agree": "on", "version": mandate.pk})

    assert not ContractAcceptance.objects.exists()
    assert desk("contract", "lease").status_code == 404


@pytest.mark.parametrize("role", [ShopStaff.Role.HELPER, ShopStaff.Role.MANAGER])
def test_only_owners_accept_contracts(role):
    shop, version = make_shop(), publish()

    answer = sign_in(shop, role)("contract", "terms", data={"agree": "on", "version": version.pk})

    assert answer.status_code == 404
    assert not ContractAcceptance.objects.exists()


def test_the_owner_reads_and_accepts_at_the_desk():
    shop, version = make_shop(), publish(text="Article 1\n\nLa commission <b>est</b> de 3 %.")
    desk = sign_in(shop, ShopStaff.Role.OWNER)

    before = desk("contract", "terms").content.decode()
    after = desk("contract", "terms", data={"agree": "on", "version": version.pk}).content.decode()

    assert "La commission &lt;b&gt;est&lt;/b&gt; de 3 %." in before
    assert version.sha256 in after


def test_the_back_office_publishes_with_notice_and_never_changes(client):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    add = reverse("admin:shops_contractversion_add")
    fields = {"kind": "terms", "number": "1", "text": "Texte", "valid_from": day(0).isoformat()}

    client.post(add, fields)
    short = client.post(add, fields | {"number": "2", "valid_from": day(3).isoformat()})
    taken = client.post(add, fields | {"valid_from": day(30).isoformat()})

    version = ContractVersion.objects.get()
    change = reverse("admin:shops_contractversion_change", args=[version.pk])
    assert (short.status_code, taken.status_code) == (200, 200)
    assert client.post(change, fields | {"text": "Autre"}).status_code == 403
    assert client.get(reverse("admin:shops_contractacceptance_changelist")).status_code == 200
