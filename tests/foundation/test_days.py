"""Days as people write them, in Python and in every template."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils.translation import override

from marketplace.foundation import days


@pytest.mark.parametrize(
    ("language", "day", "pattern", "text"),
    [
        ("fr", date(2026, 12, 1), "l j F", "mardi 1er décembre"),
        ("fr", date(2026, 12, 1), "DATE_FORMAT", "1er décembre 2026"),
        ("fr", date(2026, 12, 1), "SHORT_DATE_FORMAT", "01/12/2026"),
        ("fr", date(2026, 12, 11), "l j F", "vendredi 11 décembre"),
        ("en", date(2026, 12, 1), "l j F", "Tuesday 1 December"),
    ],
)
def test_the_first_of_a_month(language, day, pattern, text):
    with override(language):
        assert days.written(day, pattern) == text
        assert Template("{{ day|date:pattern }}").render(Context({"day": day, "pattern": pattern})) == text


def test_templates_write_the_day_of_the_town():
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    with override("fr"):
        assert Template('{{ late|date:"j F" }}').render(Context({"late": late})) == "1er décembre"


@pytest.mark.parametrize("nothing", [None, "", "tomorrow"])
def test_what_is_no_day_is_written_as_nothing(nothing):
    assert Template('{{ nothing|date:"j F" }}').render(Context({"nothing": nothing})) == ""
