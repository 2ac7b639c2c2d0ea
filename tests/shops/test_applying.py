"""A shop applies on a phone, in one sitting: form, link in the mail, account, shop in draft."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from marketplace.foundation.models import Message
from shops import applying
from shops.models import Application, Shop, ShopStaff
from shops.tasks import forget_applications
from tests.factories import make_shop, make_user

pytestmark = pytest.mark.django_db
APPLY = "/vendre/"
EMAIL = "nadege@example.org"


def answers(**changed) -> dict:
    return {
        "shop_name": "Chez Nadège", "trade": "grocery", "siret": "123 456 789 00012", "street": "3 rue du Pont",
        "postcode": "49000", "town": "Valmont", "first_name": "Nadège", "last_name": "Essai", "email": EMAIL,
    } | changed  # fmt: skip


def mailed_link() -> str:
    words = Message.objects.filter(kind="shop_application").latest("pk").text.split()
    return next(word for word in words if "/vendre/confirmer/" in word).split("127.0.0.1:8000")[-1]


def test_the_page_is_there_in_both_languages_and_linked_from_footer_and_shops(client):
    shops = client.get("/boutiques/").content.decode()

    assert client.get(APPLY).status_code == 200
    assert "Send me the link" in client.get("/en/vendre/").content.decode()
    assert shops.count('href="/vendre/"') == 2


def test_from_the_form_to_the_checklist_in_one_sitting(client):
    sent = client.post(APPLY, answers())
    link = mailed_link()
    looked_at = client.get(link)
    assert Shop.objects.count() == 0
    begun = client.post(link, follow=True)
    typed = {"new_password1": "trois-poires-mûres", "new_password2": "trois-poires-mûres"}
    desk = client.post(begun.request["PATH_INFO"], typed, follow=True)

    shop = Shop.objects.get()
    assert EMAIL in sent.content.decode()
    assert "Chez Nadège" in looked_at.content.decode()
    assert (shop.name, shop.slug, shop.siret, shop.status) == ("Chez Nadège", "chez-nadege", "12345678900012", "draft")
    assert list(shop.staff.values_list("user__email", "user__first_name", "role")) == [(EMAIL, "Nadège", "owner")]
    assert desk.request["PATH_INFO"] == reverse("desk:joining", args=["chez-nadege"])
    assert desk.status_code == 200


def test_a_draft_is_nowhere_on_the_site(client):
    client.post(APPLY, answers())
    client.post(mailed_link())

    assert client.get("/boutiques/chez-nadege/").status_code == 404
    assert "Chez Nadège" not in client.get("/boutiques/").content.decode()


def test_a_link_that_was_followed_leads_on_and_makes_nothing_twice(client):
    client.post(APPLY, answers())
    link = mailed_link()
    client.post(link)

    again = Client().get(link)

    assert again.status_code == 302
    assert (Shop.objects.count(), ShopStaff.objects.count()) == (1, 1)


def test_somebody_with_an_account_signs_in_and_keeps_the_password(client):
    resident = make_user(EMAIL, first_name="N.")
    password = resident.password
    client.post(APPLY, answers(email=EMAIL.upper()))

    answer = client.post(mailed_link())

    resident.refresh_from_db()
    assert answer.url == f"/connexion/?next={reverse('desk:joining', args=['chez-nadege'])}"
    assert (resident.password, resident.first_name) == (password, "N.")
    assert Shop.objects.get().staff.get().user == resident


@pytest.mark.parametrize("alike", ["lea@stra\u00dfe.example", "lea@\u017ftrasse.example", "lea@\u0131le.example"])
def test_a_mailbox_that_only_looks_alike_leads_to_nobody_elses_account(client, alike):
    """On PostgreSQL all of them are one when written large. The invited person has no password yet: the link would give one."""
    invited = {get_user_model().objects.create_user(f"lea@{domain}.example") for domain in ("strasse", "ile")}
    client.post(APPLY, answers(email=alike))

    client.post(mailed_link())
    again = client.post(mailed_link())

    owner = Shop.objects.get().staff.get().user
    assert owner not in invited
    assert owner.email == alike
    assert urlsafe_base64_encode(force_bytes(owner.pk)) in again.url


@pytest.mark.parametrize(
    ("field", "nonsense"),
    [
        ("siret", "123"), ("siret", "abcdefghijklmn"), ("siret", ""), ("siret", "1" * 40), ("siret", "１２３４５６７８９０００１２x"),
        ("siret", "１２３４５６７８９０００１２"), ("siret", "1234567890001²"),
        ("postcode", "4900"), ("postcode", "ABCDE"), ("email", "nobody"), ("email", ""), ("trade", "spy"), ("trade", ""),
        ("shop_name", " "), ("shop_name", "x" * 101), ("first_name", ""), ("street", "a\x00b"), ("town", ""),
    ],
)  # fmt: skip
def test_nonsense_is_refused_beside_its_field_and_all_the_rest_stays(client, field, nonsense):
    page = client.post(APPLY, answers(**{field: nonsense}))

    form = page.context["form"]
    assert list(form.errors) == [field]
    text = page.content.decode()
    assert all(f'value="{value}"' in text for name, value in answers().items() if name not in (field, "trade"))
    assert (Application.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("siret", "valid"),
    [("732 829 320 00074", True), ("73282932000075", False), ("35600000000048", True), ("356 000 000 09075", True)],
)
def test_a_live_instance_checks_the_key_with_the_exception_of_the_post(settings, client, siret, valid):
    settings.INSTANCE_MODE = "live"

    page = client.post(APPLY, answers(siret=siret))

    assert Application.objects.exists() is valid
    assert ("form" not in (page.context or {})) is valid


def test_a_second_application_for_a_shop_learns_how_to_go_on_and_nothing_else(client):
    make_shop("Secret", siret="12345678900012", email="secret@example.org", legal_name="Mystère SARL")

    answer = client.post(APPLY, answers())

    page = answer.content.decode()
    assert answer.context["form"].errors["siret"] == [str(applying.SiretTaken())]
    assert [word for word in ("Secret", "secret@example.org", "Mystère") if word in page] == []
    assert (Application.objects.count(), Message.objects.count()) == (0, 0)


def test_an_unconfirmed_wish_keeps_nobody_out(client):
    client.post(APPLY, answers(email="squatter@example.org"))
    client.post(APPLY, answers())

    client.post(mailed_link())

    assert Shop.objects.get().staff.get().user.email == EMAIL


def test_of_two_confirmed_links_the_second_is_told_how_to_go_on(client):
    client.post(APPLY, answers(email="first@example.org"))
    first = mailed_link()
    client.post(APPLY, answers())
    second = mailed_link()
    client.post(first)

    late = Client().post(second)

    assert late.status_code == 410
    assert "first@example.org" not in late.content.decode()
    assert Shop.objects.get().staff.get().user.email == "first@example.org"


def test_a_number_that_another_shop_had_typed_by_mistake_is_free_once_it_is_corrected(client):
    client.post(APPLY, answers(email="first@example.org"))
    client.post(mailed_link())
    Shop.objects.update(siret="12345678900020")  # as operators do
    client.post(APPLY, answers())

    client.post(mailed_link())

    assert Shop.objects.get(siret="12345678900012").staff.get().user.email == EMAIL


def test_the_same_person_corrects_the_application_that_waits(client):
    client.post(APPLY, answers())
    client.post(APPLY, answers(shop_name="Nadège et fils"))

    assert Application.objects.get().shop_name == "Nadège et fils"
    assert Message.objects.count() == 2


def test_mails_to_one_address_are_counted(client):
    for number in range(5):
        page = client.post(APPLY, answers(siret=f"1234567890001{number}"))

    assert Message.objects.count() == applying.MAILS
    assert "email" in page.context["form"].errors


def test_nothing_that_a_stranger_typed_is_in_the_mail_but_the_address(client):
    """Or anybody could send words and links of their choice to anybody, in our name."""
    typed = {"shop_name": "Gagnez 500 € http://spam.example", "first_name": "spam.example", "last_name": "spam.example"}

    client.post(APPLY, answers(**typed))

    mail = Message.objects.get()
    assert "spam.example" not in mail.subject + mail.text + mail.html
    assert mailed_link()


def test_tries_of_one_connection_are_counted(client, monkeypatch):
    monkeypatch.setattr("shops.applying_views.TRIES", 2)

    for number in range(3):
        client.post(APPLY, answers(siret=f"1234567890001{number}", email=f"p{number}@example.org"))

    assert Application.objects.count() == 2


@pytest.mark.parametrize(
    "token",
    ["x", "abc:def:ghi", signing.dumps(1, salt="another"), signing.dumps(999, salt=applying.SALT)],
    ids=["no token", "no signature", "signed for another page", "of nobody"],
)
def test_a_link_that_we_did_not_write_begins_nothing(client, token):
    assert client.get(f"/vendre/confirmer/{token}/").status_code == 410
    assert client.post(f"/vendre/confirmer/{token}/").status_code == 410
    assert Shop.objects.count() == 0


def test_a_link_is_good_for_a_week(client, monkeypatch):
    client.post(APPLY, answers())
    link = mailed_link()
    later = signing.time.time() + timedelta(days=applying.LINK_DAYS, seconds=5).total_seconds()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)

    assert client.post(link).status_code == 410
    assert Shop.objects.count() == 0


def test_what_nobody_confirmed_is_forgotten_after_a_month(client):
    now = timezone.now()
    for number, (days, confirmed_at) in enumerate([(31, None), (29, None), (31, now)]):
        waiting = Application.objects.create(siret=f"1234567890001{number}", email=f"p{number}@example.org")
        Application.objects.filter(pk=waiting.pk).update(sent_at=now - timedelta(days=days), confirmed_at=confirmed_at)

    forget_applications()

    assert list(Application.objects.order_by("pk").values_list("email", flat=True)) == [
        "p1@example.org",
        "p2@example.org",
    ]


def test_two_shops_of_one_name_have_two_addresses(client):
    make_shop("Chez Nadège", slug="chez-nadege")
    client.post(APPLY, answers())

    client.post(mailed_link())

    assert Shop.objects.get(siret="12345678900012").slug.startswith("chez-nadege-")
