"""A new computer is connected from the bank's page: the token is shown once, with its end, and kept nowhere."""

import html
import json
import logging
import shlex
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from pickup.banks import provisioning
from pickup.controller import drivers
from pickup.models import BankIdentity, ProvisioningToken
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client):
    """An operator who sets up banks, signed in."""
    user = make_user("cleo@valmont.example", is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def address(bank) -> str:
    return reverse("pickup:token", args=[bank.pk])


def command_of(answer) -> list[str]:
    """The words of the command that a page shows."""
    text = answer.content.decode()
    return shlex.split(html.unescape(text.split('<code translate="no">')[1].split("</code>")[0]))


def option(words: list[str], name: str) -> str:
    return words[words.index(name) + 1]


def whole_database() -> str:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return json.dumps(
            [list(cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}") or cursor) for table in tables],
            default=str,
        )


def test_the_command_is_shown_with_its_end_and_is_what_the_token_needs(client, chief, bank, settings, caplog):
    settings.SITE_URL = "https://halles.valmont.example"
    caplog.set_level(logging.DEBUG)

    answer = client.post(address(bank), {"why": "new card"})

    words, token = command_of(answer), ProvisioningToken.objects.get()
    text = option(words, "--token")
    assert words[:5] == ["sudo", "-u", "halles", "/opt/halles/bin/halles-controller", "provision"]
    assert option(words, "--server") == "https://halles.valmont.example"
    assert drivers.find(option(words, "--driver")) is not None
    assert provisioning.is_good(token, timezone.now())
    assert f"{timezone.localtime(token.expires_at):%H:%M}" in answer.content.decode()
    assert (token.why, token.by, token.expires_at - token.given_at) == ("new card", chief, timedelta(hours=1))
    assert answer["Cache-Control"].count("no-store") == 1
    assert text not in caplog.text


def test_the_token_is_never_shown_again_and_stands_in_no_table(client, chief, bank):
    text = option(command_of(client.post(address(bank), {"why": "new card"})), "--token")

    page = client.get(address(bank)).content.decode()

    assert "cleo@valmont.example: new card" in page
    assert text not in page
    assert text.rpartition(".")[2] not in whole_database()
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("why", ["", "  ", "x" * 41])
def test_without_a_reason_no_token_is_made(client, chief, bank, why):
    answer = client.post(address(bank), {"why": why})

    assert answer.status_code == 400
    assert "--token" not in answer.content.decode()
    assert not ProvisioningToken.objects.exists()


def test_looking_at_the_page_makes_nothing_and_ends_nothing(client, chief, bank):
    token, _text = provisioning.new_token(bank, why="new card")
    identities = list(BankIdentity.objects.values())

    client.get(address(bank))

    assert provisioning.is_good(token, timezone.now())
    assert list(BankIdentity.objects.values()) == identities


def test_the_page_says_what_became_of_each_token(client, chief, bank):
    hour_ago = timezone.now() - timedelta(hours=1)
    provisioning.new_token(bank, why="ran out", now=hour_ago)
    used, _text = provisioning.new_token(bank, why="was used")
    ProvisioningToken.objects.filter(pk=used.pk).update(used_at=timezone.now(), generation=0)
    provisioning.new_token(bank, why="replaced")
    provisioning.new_token(bank, why="good", by=chief)

    page = client.get(address(bank)).content.decode()

    said = [entry.split("</li>")[0] for entry in page.split("<li><time")[1:]]
    assert ["can be used until" in entry for entry in said] == [True, False, False, False]
    assert ["worthless" in entry for entry in said] == [False, True, False, True]
    assert ["good" in said[0], "replaced" in said[1], "was used" in said[2], "ran out" in said[3]] == [True] * 4


def test_only_who_sets_up_banks_finds_the_link(client, operator, bank):
    page = reverse("pickup:bank", args=[bank.pk])
    plain = client.get(page).content.decode()

    client.force_login(make_user(is_staff=True, is_superuser=True))
    entrusted = client.get(page).content.decode()

    assert (address(bank) in plain, address(bank) in entrusted) == (False, True)


def test_the_command_line_shows_the_same_command(bank, capsys, settings):
    settings.SITE_URL = "https://halles.valmont.example"

    call_command("provisioning_token", bank.code)

    words = shlex.split(capsys.readouterr().out)
    assert option(words, "--server") == "https://halles.valmont.example"
    assert provisioning.is_good(ProvisioningToken.objects.get(), timezone.now())
    assert ProvisioningToken.objects.get().by is None
