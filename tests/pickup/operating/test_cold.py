"""The temperature logs: what was read is shown and handed over, what was not is not invented."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from pickup.models import Parcel, Zone, ZoneRecord
from tests.pickup.makers import make_sheet, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def zone(bank) -> Zone:
    return Zone.objects.get(bank=bank, temperature="chilled")


def read(zone, ago: timedelta, low: str | None, high: str | None, count: int = 15) -> None:
    degrees = [None if each is None else Decimal(each) for each in (low, high)]
    ZoneRecord.objects.create(zone=zone, at=timezone.now() - ago, min_c=degrees[0], max_c=degrees[1], count=count)


def page(client, zone) -> str:
    return client.get(reverse("pickup:zone", args=[zone.pk])).content.decode()


def test_a_zone_without_readings_says_so(client, operator, zone):
    text = page(client, zone)

    assert "none has come in the last two days" in text
    assert "<svg" not in text


def test_the_last_two_days_are_drawn_and_written(client, operator, zone):
    read(zone, timedelta(hours=3), "2.1", "4.4")
    read(zone, timedelta(hours=60), "30.0", "31.0")

    text = page(client, zone)

    assert ("<svg" in text, "4.4" in text, "31.0" in text) == (True, True, False)


def test_frozen_and_thawed_fit_one_drawing(client, operator, zone):
    read(zone, timedelta(hours=3), "-21.4", "-18.0")
    read(zone, timedelta(hours=1), "-18.0", "12.5")

    assert "<svg" in page(client, zone)


def test_the_month_has_empty_cells_where_nothing_was_read(client, operator, zone):
    read(zone, timedelta(0), None, None, count=0)
    today = timezone.localdate()

    answer = client.get(reverse("pickup:zone-month", args=[zone.pk, today.year, today.month]))

    assert answer.getvalue().decode().splitlines()[1].endswith(";;;0")


def test_the_goods_of_an_order_have_a_log_of_their_own(client, operator, bank, zone):
    collection = ready(bank.point, (make_sheet(temperature="chilled"), 1))
    Parcel.objects.update(deposited_at=timezone.now() - timedelta(hours=2))
    read(zone, timedelta(hours=3), "1.0", "2.0")
    read(zone, timedelta(hours=1), "3.0", "4.0")

    answer = client.get(reverse("pickup:leg-cold", args=[collection.legs.get().pk]))

    assert [line.split(";")[1:] for line in answer.getvalue().decode().splitlines()] == [
        ["Coldest", "Warmest", "Readings"],
        ["3.0", "4.0", "15"],
    ]


def test_degrees_below_zero_stay_numbers(client, operator, zone):
    read(zone, timedelta(0), "-21.4", "-18.0")
    today = timezone.localdate()

    answer = client.get(reverse("pickup:zone-month", args=[zone.pk, today.year, today.month]))

    assert answer.getvalue().decode().splitlines()[1].endswith(";-21.4;-18.0;15")


def test_goods_that_need_no_cold_have_no_log(client, operator, bank):
    leg = ready(bank.point, (make_sheet(), 1)).legs.get()

    assert client.get(reverse("pickup:leg-cold", args=[leg.pk])).status_code == 404
