"""Words of time and of the market, in both languages."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.utils import translation

from marketplace.templatetags.moments import window
from scripts import catalogues
from shops import opening


@pytest.fixture
def now(time_machine):
    time_machine.move_to(datetime(2026, 11, 25, 16, 0, tzinfo=UTC))


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour - 1, 0, tzinfo=UTC)  # Paris, in winter


@pytest.mark.parametrize(
    ("language", "begins", "ends", "words"),
    [
        ("fr", at(25, 19), at(25, 20), "aujourd’hui, de 19:00 à 20:00"),
        ("fr", at(25, 19), at(26, 10), "aujourd’hui dès 19:00, jusqu’à demain, 10:00"),
        ("fr", at(26, 10), at(26, 12), "demain, de 10:00 à 12:00"),
        ("fr", at(27, 19), at(28, 19), "vendredi 27 novembre dès 19:00, jusqu’à samedi 28 novembre, 19:00"),
        ("en", at(25, 19), at(26, 10), "today from 19:00, until tomorrow, 10:00"),
        ("en", at(27, 19), at(27, 20), "Friday 27 November, 19:00 to 20:00"),
    ],
)
def test_a_window_is_said_as_people_say_it(now, language, begins, ends, words):
    with translation.override(language):
        assert window(begins, ends, spoken=True) == words


def test_a_page_that_is_kept_names_the_days(now):
    with translation.override("fr"):
        kept = window(at(25, 19), at(26, 10))

    assert kept == "mercredi 25 novembre dès 19:00, jusqu’à jeudi 26 novembre, 10:00"


def test_equal_days_of_a_week_are_joined():
    shop = SimpleNamespace(opening_hours="Tu-Fr 09:00-12:30,14:00-19:00; Sa 09:00-13:00")

    with translation.override("fr"):
        week = opening.week(shop)

    assert week == [
        ("lundi", "fermé"),
        ("du mardi au vendredi", "09:00 – 12:30, 14:00 – 19:00"),
        ("samedi", "09:00 – 13:00"),
        ("dimanche", "fermé"),
    ]


def test_english_says_the_words_of_the_source():
    with translation.override("en"):
        assert translation.gettext("Basket") == "Basket"  # Oscar's own English says "Cart"


def test_each_source_is_in_the_english_catalogue(tmp_path):
    import polib

    french = polib.pofile(str(catalogues.FRENCH))
    catalogues.english(french).save_as_mofile(str(tmp_path / "en.mo"))

    compiled = polib.mofile(str(tmp_path / "en.mo"))
    assert all(entry.msgstr == entry.msgid for entry in compiled if not entry.msgid_plural)
    assert len(compiled) == len([entry for entry in french if not entry.obsolete])
