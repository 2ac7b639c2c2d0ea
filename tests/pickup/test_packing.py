"""Goods to legs: sizes, temperatures, and what no locker may hold."""

from decimal import Decimal

import pytest
from django.utils import translation

from pickup.packing import Goods, counter_only_reason, pack
from shops.models import Shop

BAKERY, DAIRY = Shop(pk=1, name="Boulangerie"), Shop(pk=2, name="Crèmerie")


def goods(shop=BAKERY, temperature="ambient", volume_l="1", quantity=1, **fields):
    return Goods(shop=shop, temperature=temperature, volume_l=Decimal(volume_l), quantity=quantity, **fields)


def test_one_leg_per_temperature_with_all_its_shops():
    legs = pack([goods(DAIRY, "chilled", "2", 2), goods(DAIRY, "ambient", "1"), goods(BAKERY, "ambient", "3", 2)])

    assert [(leg.temperature, leg.volume_l, leg.size, [shop.pk for shop in leg.shops]) for leg in legs] == [
        ("ambient", Decimal(7), "S", [1, 2]),
        ("chilled", Decimal(4), "S", [2]),
    ]


@pytest.mark.parametrize(
    ("litres", "size"),
    [("15.6", "S"), ("15.61", "M"), ("36.8", "M"), ("36.81", "L"), ("79.76", "L"), ("79.77", "")],
)
def test_a_compartment_is_full_at_four_fifths_of_its_volume(litres, size):
    assert pack([goods(volume_l=litres)])[0].size == size


def test_a_bouquet_needs_height_that_its_volume_does_not_show():
    assert pack([goods(volume_l="12", longest_cm=50)])[0].size == "M"  # √(12000 / 50) = 15.5 cm, S is 8 cm high


def test_what_is_longer_than_a_compartment_is_deep_fits_none():
    legs = pack([goods(volume_l="2", longest_cm=65)])

    assert legs[0].size == ""
    with translation.override("en"):
        assert counter_only_reason([], legs) == "Your goods are too large for a locker."


def test_goods_with_an_age_limit_go_to_a_counter():
    basket = [goods(min_age=18), goods()]

    with translation.override("en"):
        assert "18" in counter_only_reason(basket, pack(basket))
        assert counter_only_reason([goods()], pack([goods()])) == ""
