"""What holds the house up: Oscar's ground, the database's settings, the keys of all tables."""

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import connection
from environ import Env

from marketplace import oscar_changes
from marketplace.settings.embedded import tune_database


def test_system_checks_are_silent():
    assert run_checks() == []


def test_a_class_that_oscar_lost_is_named(monkeypatch):
    monkeypatch.setitem(oscar_changes.REPLACED, ("partner.strategy", "Vanished"), "shops.pricing.Selector")

    assert [error.id for error in oscar_changes.oscar_still_has_what_we_replace(None)] == ["halles.E001"]


def test_oscar_uses_our_prices():
    from oscar.core.loading import get_class

    from shops.pricing import Selector

    assert get_class("partner.strategy", "Selector") is Selector


def test_every_table_of_ours_has_a_big_key():
    ours = [m for m in apps.get_models() if m.__module__.split(".")[0] in {"marketplace", "shops", "pickup"}]

    assert ours
    assert {m._meta.pk.get_internal_type() for m in ours if m._meta.pk.auto_created} == {"BigAutoField"}


@pytest.mark.parametrize(
    ("engine", "environment", "kept"),
    [
        ("django.db.backends.sqlite3", {}, (600, False)),
        ("django.db.backends.postgresql", {}, (600, True)),
        ("django.db.backends.postgresql", {"DATABASE_POOL": "1"}, (0, False)),
    ],
)
def test_connections_outlive_the_request_unless_a_pool_keeps_them(monkeypatch, engine, environment, kept):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    tuned = tune_database({"ENGINE": engine}, Env())

    assert (tuned["CONN_MAX_AGE"], tuned["CONN_HEALTH_CHECKS"]) == kept


@pytest.mark.django_db
def test_sqlite_runs_in_wal_with_immediate_transactions():
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert oscar_changes.sqlite_takes_the_lock_first(None, databases=["default"]) == []


def test_sqlite_without_immediate_transactions_is_named(settings, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {})

    found = oscar_changes.sqlite_takes_the_lock_first(None, databases=["default"])
    assert [error.id for error in found] == (["halles.E002"] if connection.vendor == "sqlite" else [])
