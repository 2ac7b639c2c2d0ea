"""The page of figures: what the nights computed, nothing invented."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.foundation import plots
from pickup import kpi
from pickup.models import Bank, BankDay, Refusal
from pickup.operating import figures

pytestmark = pytest.mark.django_db


def day(bank, ago: int = 1, **counts) -> BankDay:
    return BankDay.objects.create(bank=bank, day=timezone.localdate() - timedelta(days=ago), **counts)


def page(client, bank) -> str:
    return client.get(reverse("pickup:figures", args=[bank.pk])).content.decode()


def shown(bank) -> dict[str, str]:
    return {figure.name: figure.value for figure in figures.page(bank, timezone.now()).figures}


def test_without_a_computed_day_the_page_says_so(client, operator, bank):
    text = page(client, bank)

    assert "Not enough data yet" in text
    assert "<svg" not in text


def test_where_nothing_happened_a_dash_stands(bank):
    day(bank)

    assert set(shown(bank).values()) == {"0", "–"}


def test_figures_are_those_of_the_nights(client, operator, bank):
    day(
        bank,
        accepted=40,
        refused=4,
        period_accepted=40,
        period_bound=Decimal("50.00"),
        legs=50,
        openings=200,
        openings_failed=1,
        codes_accepted=100,
        codes_accepted_offline=25,
        visit_seconds=48,
        collected=38,
        within_5h=19,
        no_shows=2,
        classes=[{"temperature": "ambient", "size": "S", "occupied_h": 12, "in_service_h": 48}],
    )

    values = shown(bank)

    assert values["Orders accepted"] == "40"
    assert values["Accepted, of what foresight could"] == "80.0 %"
    assert values["Openings that failed"] == "5.0 ‰"
    assert values["Codes accepted offline"] == "25.0 %"
    assert values["A visit"] == "48 s"
    assert values["Not collected in time"] == "5.0 %"
    text = page(client, bank)
    assert text.count("<svg") == 3
    assert "25.0 %" in text  # the ambient small doors
    assert "Few orders" not in text


def test_few_orders_are_called_few(client, operator, bank):
    day(bank, accepted=3)

    assert "Few orders" in page(client, bank)


def test_a_collection_costs_what_the_month_costs(bank):
    for ago in range(1, 11):
        day(bank, ago=ago, collected=5)
    rows = kpi.latest(bank)
    assert figures.cost_per_collection(bank, rows) is None

    Bank.objects.update(monthly_cost=Decimal("304.40"))
    bank.refresh_from_db()

    assert figures.cost_per_collection(bank, rows) == Decimal("2.00")


def test_refusals_are_counted_by_reason(client, operator, bank):
    day(bank)
    now = timezone.now()
    for number in range(3):
        Refusal.objects.create(
            point=bank.point,
            code=Refusal.Code.CLASS_FULL,
            basket=number + 1,
            deposit_from=now,
            starts_at=now,
            ends_at=now + timedelta(hours=1),
        )

    assert "all compartments of this size are taken" in page(client, bank)


def test_the_file_has_every_day_and_every_count(client, operator, bank):
    day(bank, ago=2, accepted=7)
    day(bank, ago=1, accepted=8)

    lines = client.get(reverse("pickup:figures-file", args=[bank.pk])).getvalue().decode().splitlines()

    head = lines[0].split(";")
    assert [line.split(";")[head.index("accepted")] for line in lines[1:]] == ["7", "8"]


@pytest.mark.parametrize("values", [[], [(None,)], [(0,)], [(3, 4)], [(10**9,)], [(0.2, None)] * 40])
def test_a_plot_stays_within_its_frame(values):
    svg = plots.columns([plots.Bar(label="<b>", values=each) for each in values], title='"><script>')

    assert "<script>" not in svg
    assert "<b>" not in svg
    assert "NaN" not in svg
    heights = [float(part.split('"')[0]) for part in svg.split('height="')[1:]]
    assert all(0 <= height <= plots.HEIGHT for height in heights)
