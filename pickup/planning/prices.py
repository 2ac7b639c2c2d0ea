"""What a stay takes from those who will ask later. Pure.

The price of an hour behind a door large enough is the share of an order that could be served with one such door more; it is learnt
from the bank's own weeks (`pickup.kpi.prices`) and zero whenever the bank does not fill. An order whose expected hours cost
more than it is worth makes room for more than one other.
"""

from collections.abc import Mapping
from datetime import timedelta

import numpy as np

from pickup.planning.dwell import WEEK_H, Rates
from pickup.planning.odds import hours_of, still_there
from pickup.planning.stays import ORDER, SIZES, Stay

# A basket of several temperatures is what the town is for: each further leg adds to what an order is worth.
FURTHER_LEG = 0.25
HOUR = timedelta(hours=1)
# temperature -> for each size, by hour of the week: what the doors of this size and larger cost.
Prices = Mapping[str, np.ndarray]


def too_dear(prices: Prices, wanted: Mapping[str, Stay], *, rates: Rates, now) -> bool:
    """Whether the order's stays (by temperature) would cost more than the order is worth."""
    worth = 1 + FURTHER_LEG * (len(wanted) - 1)
    return sum(_cost(prices[each], each, stay, rates, now) for each, stay in wanted.items() if each in prices) > worth


def _cost(prices: np.ndarray, temperature: str, stay: Stay, rates: Rates, now) -> float:
    moments = [stay.start + HOUR * number for number in range(int((stay.end - stay.start) / HOUR))]
    if not moments:
        return 0.0
    week = np.floor(hours_of(moments, now)).astype(int) % WEEK_H
    there = still_there(stay, moments, temperature=temperature, rates=rates, now=now)
    return float((prices[: ORDER[stay.size] + 1, week] * there).sum())


def to_json(prices: Prices) -> dict:
    """Only what is not zero: {temperature: {size: {hour of the week: price}}}."""
    return {
        temperature: {
            size: {str(hour): round(float(price), 4) for hour, price in enumerate(row) if price > 0.00005}
            for size, row in zip(SIZES, rows, strict=True)
        }
        for temperature, rows in prices.items()
    }


def from_json(stored: dict) -> dict[str, np.ndarray]:
    """The other way."""
    prices = {}
    for temperature, rows in stored.items():
        prices[temperature] = np.zeros((len(SIZES), WEEK_H))
        for size, row in rows.items():
            for hour, price in row.items():
                prices[temperature][ORDER[size], int(hour)] = price
    return prices
