"""Choosing a password by a link: once, for a time, without telling who has an account."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlsafe_base64_encode

from marketplace.foundation import messages
from marketplace.foundation.models import Message
from shops import staffing
from shops.models import ShopStaff
from tests.factories import make_shop, make_staff, make_user

pytestmark = pytest.mark.django_db
FORGOTTEN = "/mot-de-passe/"
NEW = "tarte-aux-prunes-7"


def ask(email, client=None):
    return (client or Client()).post(FORGOTTEN, {"email": email})


def link_in(message) -> str:
    """The path of the first address in a mail."""
    return re.search(r"https?://[^/]+(/\S+)", message.text)[1]


def choose(link, client=None, new=NEW, again=NEW):
    """Open the link and send the form behind it."""
    client = client or Client()
    page = client.get(link, follow=True)
    return client.post(page.request["PATH_INFO"], {"new_password1": new, "new_password2": again}, follow=True)


def test_a_forgotten_password_is_replaced_by_mail():
    user = make_user("Marie@example.org")

    answer = ask("marie@EXAMPLE.org")
    messages.send_due()
    [sent] = mail.outbox
    page = choose(link_in(Message.objects.get()))

    assert (answer.url, sent.to) == ("/mot-de-passe/envoye/", ["Marie@example.org"])
    assert authenticate(username="marie@example.org", password=NEW) == user
    assert page.context["user"] == user


def test_a_link_works_once():
    user = make_user("marie@example.org")
    ask("marie@example.org")
    link = link_in(Message.objects.get())
    choose(link)

    page = choose(link, new="une-autre-phrase-9", again="une-autre-phrase-9")

    user.refresh_from_db()
    assert user.check_password(NEW)
    assert page.context["validlink"] is False
    assert not page.context["user"].is_authenticated


def test_a_link_expires(monkeypatch):
    user = make_user("marie@example.org")
    ask("marie@example.org")
    link = link_in(Message.objects.get())
    generator = "django.contrib.auth.tokens.PasswordResetTokenGenerator._now"
    later = timezone.now().replace(tzinfo=None) + timedelta(days=4)
    monkeypatch.setattr(generator, lambda self: later)

    choose(link)

    user.refresh_from_db()
    assert user.check_password("secret")


def test_a_link_of_another_account_or_a_changed_one_opens_nothing():
    make_user("marie@example.org")
    other = make_user("paul@example.org")
    ask("marie@example.org")
    own, token = link_in(Message.objects.get()).strip("/").split("/")[1:]
    stolen = urlsafe_base64_encode(str(other.pk).encode())
    for uid, mark in [(stolen, token), (own, token[:-1] + "x"), ("x", "y"), (own, "%00"), ("é", token)]:
        assert Client().get(f"{FORGOTTEN}{uid}/{mark}/", follow=True).context["validlink"] is False

    other.refresh_from_db()
    assert other.check_password("secret")


def test_an_unknown_address_gets_the_same_answer_and_leaves_nothing():
    make_user("marie@example.org")
    make_user("away@example.org", is_active=False)
    answers = [ask(email) for email in ("marie@example.org", "nobody@example.org", "away@example.org")]

    assert len({(answer.status_code, answer.url, answer.content) for answer in answers}) == 1
    assert [message.to for message in Message.objects.all()] == ["marie@example.org"]


def test_an_unknown_address_costs_as_many_questions_to_the_database():
    make_user("marie@example.org")
    ask("first@example.org")
    counts = []

    for email in ("marie@example.org", "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            ask(email)
        words = [query["sql"].split()[0] for query in queries]
        counts.append([word for word in words if word not in ("SAVEPOINT", "RELEASE", "ROLLBACK")])

    assert counts[0] == counts[1]
    assert "INSERT" in counts[1]


def test_a_double_tap_owes_one_mail(monkeypatch):
    make_user("marie@example.org")
    moment = timezone.now().replace(tzinfo=None)
    monkeypatch.setattr("django.contrib.auth.tokens.PasswordResetTokenGenerator._now", lambda self: moment)

    ask("marie@example.org")
    ask("marie@example.org")

    assert Message.objects.count() == 1


@pytest.mark.parametrize("email", ["marie@example.org", "nobody@example.org"])
def test_after_three_mails_an_address_waits_whoever_asks(email):
    make_user("marie@example.org")
    for number in range(3):
        assert Client(REMOTE_ADDR=f"10.0.0.{number}").post(FORGOTTEN, {"email": email}).status_code == 302
    owed = Message.objects.count()

    page = Client(REMOTE_ADDR="10.0.0.9").post(FORGOTTEN, {"email": email.upper()})

    assert page.context["form"].errors["email"] == ["Trop d’essais. Veuillez patienter dix minutes."]
    assert Message.objects.count() == owed


def test_a_visitor_does_not_ask_for_many_addresses():
    for number in range(10):
        assert ask(f"person{number}@example.org").status_code == 302

    assert ask("one-more@example.org").context["form"].errors


@pytest.mark.parametrize(
    ("new", "again"),
    [
        ("", ""),
        (NEW, "otherwise"),
        ("123", "123"),
        ("password1", "password1"),
        ("a\x00b" * 5, "a\x00b" * 5),
        ("marie@example.org", "marie@example.org"),
    ],
)
def test_a_bad_password_is_refused_beside_its_field(new, again):
    user = make_user("marie@example.org")
    ask("marie@example.org")

    page = choose(link_in(Message.objects.get()), new=new, again=again)

    user.refresh_from_db()
    assert page.status_code == 200
    assert page.context["form"].errors
    assert user.check_password("secret")


def test_a_new_password_ends_the_other_sessions():
    user = make_user("marie@example.org")
    elsewhere = Client()
    elsewhere.force_login(user)
    ask("marie@example.org")

    choose(link_in(Message.objects.get()))

    assert elsewhere.get(reverse("accounts:orders")).status_code == 302


def test_the_mail_speaks_the_language_of_the_page():
    make_user("marie@example.org")

    Client().post("/en/mot-de-passe/", {"email": "marie@example.org"})

    message = Message.objects.get()
    assert message.language == "en"
    assert link_in(message).startswith("/en/mot-de-passe/")


def test_somebody_new_is_invited_chooses_a_password_and_stands_at_the_desk():
    shop = make_shop("Boulangerie Martin", opening_hours="24/7")
    owner = make_staff(shop)

    staffing.add(shop, email="julie@example.org", role="helper", by=owner)
    messages.send_due()
    [sent] = mail.outbox
    page = choose(link_in(Message.objects.get()))

    assert (sent.to, sent.subject) == (["julie@example.org"], "Boulangerie Martin vous invite à son espace boutique")
    assert page.request["PATH_INFO"] == reverse("desk:board", args=[shop.slug])


def test_somebody_with_an_account_is_told_and_keeps_the_password():
    julie = make_user("Julie@example.org", first_name="Julie")
    shop = make_shop("Boulangerie Martin")

    staffing.add(shop, email="julie@example.org", role="manager")

    message = Message.objects.get()
    julie.refresh_from_db()
    assert (message.kind, message.to, julie.check_password("secret")) == ("staff_added", "Julie@example.org", True)
    assert link_in(message) == reverse("desk:board", args=[shop.slug])
    assert "mot-de-passe" not in message.text


def test_an_invitation_is_sent_once_and_again_when_asked_or_when_the_person_comes_back():
    shop = make_shop()
    make_staff(shop)
    staff = staffing.add(shop, email="julie@example.org", role="helper")
    with pytest.raises(staffing.WorksHere):
        staffing.add(shop, email="JULIE@example.org", role="owner")
    assert Message.objects.count() == 1

    staffing.invite_again(staff)
    assert Message.objects.count() == 2

    staffing.remove(staff)
    with pytest.raises(staffing.WorksHere):
        staffing.invite_again(staff)
    again = staffing.add(shop, email="julie@example.org", role="manager")
    assert (again.pk, again.role, Message.objects.count()) == (staff.pk, "manager", 3)


def test_an_invitation_of_somebody_let_go_opens_the_account_but_not_the_desk():
    shop = make_shop()
    make_staff(shop)
    staff = staffing.add(shop, email="julie@example.org", role="helper")
    staffing.remove(staff)
    client = Client()

    choose(link_in(Message.objects.get()), client)

    assert client.get(reverse("accounts:orders")).status_code == 200
    assert client.get(reverse("desk:board", args=[shop.slug])).status_code == 404
    assert ShopStaff.objects.get(pk=staff.pk).joined_at is None


def test_a_shop_does_not_send_mails_without_end():
    shop = make_shop()
    for number in range(staffing.INVITATIONS_A_DAY):
        staffing.add(shop, email=f"person{number}@example.net", role="helper")

    with pytest.raises(staffing.TooManyInvitations):
        staffing.add(shop, email="one-more@example.net", role="helper")

    assert not shop.staff.filter(user__email="one-more@example.net").exists()


def test_the_mail_of_an_english_owner_is_english():
    with translation.override("en"):
        staffing.add(make_shop("Boulangerie Martin"), email="julie@example.org", role="helper")

    assert Message.objects.get().subject == "Boulangerie Martin invites you to its desk"
