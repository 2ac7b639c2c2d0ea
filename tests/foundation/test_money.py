from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.foundation import money

CENTS = st.integers(min_value=0, max_value=10**9)


@given(CENTS)
def test_cents_and_euros_say_the_same(cents):
    assert money.to_cents(money.from_cents(cents)) == cents


def test_a_fraction_of_a_cent_is_refused():
    with pytest.raises(ValueError, match="whole number of cents"):
        money.to_cents(Decimal("1.005"))


@given(CENTS, st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=12).filter(any))
def test_split_parts_add_up_and_are_within_a_cent_of_their_share(total, weights):
    parts = money.largest_remainder(total, weights)

    assert sum(parts) == total
    assert all(abs(part - total * weight / sum(weights)) < 1 for part, weight in zip(parts, weights, strict=True))


def test_split_of_the_processing_fee_in_the_worked_example():
    assert money.largest_remainder(105, [1240, 2290, 1800]) == [24, 45, 36]


def test_nothing_can_be_split_among_nobody():
    assert money.largest_remainder(0, [0, 0]) == [0, 0]
    with pytest.raises(ValueError, match="zero weights"):
        money.largest_remainder(1, [0, 0])


def test_vat_is_taken_out_of_the_price_once_and_half_up():
    assert money.vat_within(Decimal("33.53"), Decimal("5.50")) == Decimal("1.75")
    assert money.vat_within(Decimal("0.03"), Decimal("20.00")) == Decimal("0.01")  # 0.005 rounds up
