"""Small plots as inline SVG, made on the server: no script, no inline style, colours from the page's tokens.

A plot never stands alone: the page prints the same numbers in a table below it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 46, 6, 12, 40
MOST_LABELS = 8
GRID = (
    '<line class="grid-line" x1="{1}" x2="{2}" y1="{0}" y2="{0}"/>'
    '<text x="{4}" y="{0}" dy="4" text-anchor="end">{3}</text>'
)


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One place on the axis with its label of one or two lines, and its values from below upwards; None where nothing was measured."""

    label: str
    values: tuple[float | None, ...]


def columns(bars: Sequence[Bar], *, title: str, highest: float | None = None, unit: str = "") -> SafeString:
    """Upright bars, stacked when a place has several values. `highest` fixes the top of the axis."""
    top = highest or _round_up(max((sum(value or 0 for value in bar.values) for bar in bars), default=0))
    step = (WIDTH - LEFT - RIGHT) / max(1, len(bars))
    every = -(-len(bars) // MOST_LABELS)
    parts = [_axis(top, unit)]
    for number, bar in enumerate(bars):
        x = LEFT + number * step
        parts.append(_stack(bar, x=x + step * 0.12, width=step * 0.76, top=top))
        if number % every == 0:
            parts.append(
                format_html_join(
                    "",
                    '<text x="{}" y="{}" text-anchor="middle">{}</text>',
                    [
                        (_short(x + step / 2), HEIGHT - BOTTOM + 16 * line, words)
                        for line, words in enumerate(bar.label.split("\n"), start=1)
                    ],
                )
            )
    return format_html(
        '<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH,
        HEIGHT,
        title,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _stack(bar: Bar, *, x: float, width: float, top: float) -> SafeString:
    below, drawn = 0.0, []
    for number, value in enumerate(bar.values, start=1):
        if value:
            drawn.append((f"bar bar-{number}", _short(x), _short(_y(below + value, top)), _short(width),
                          _short(_y(below, top) - _y(below + value, top))))  # fmt: skip
            below += value
    return format_html_join("", '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', drawn)


def _axis(top: float, unit: str) -> SafeString:
    lines = [
        (_short(_y(value, top)), LEFT, WIDTH - RIGHT, f"{value:g}{unit}", LEFT - 4)
        for value in (0, top / 2, top)
    ]  # fmt: skip
    return format_html_join(
        "",
        GRID,
        lines,
    )


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(value, top) / top


def _round_up(value: float) -> float:
    """The next 2, 4, 10, 20, 40, 100 …: half of it is a whole number too."""
    top = 2.0
    while top < value:
        top = {"1": 2, "2": 2, "4": 2.5}[f"{top:g}"[0]] * top
    return top


def _short(number: float) -> str:
    return f"{number:.1f}"


def spans(rows: Sequence[tuple[str, float, float]], *, title: str) -> SafeString:
    """From-to bars of (label, low, high) on an axis that need not begin at nought."""
    low = min(row[1] for row in rows)
    high = max(row[2] for row in rows)
    bottom, top = _floor(low), max(_floor(high) + 2, _floor(low) + 4)
    step = (WIDTH - LEFT - RIGHT) / len(rows)
    every = -(-len(rows) // 4)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - bottom) / (top - bottom)

    grid = [
        (_short(y(value)), LEFT, WIDTH - RIGHT, f"{value:g}", LEFT - 4) for value in (bottom, (bottom + top) / 2, top)
    ]
    bars = [
        (_short(LEFT + number * step), _short(y(high)), _short(step * 0.8), _short(max(2.0, y(low) - y(high))))
        for number, (_label, low, high) in enumerate(rows)
    ]
    labels = [
        (_short(LEFT + (number + 0.5) * step), HEIGHT - BOTTOM + 16, label)
        for number, (label, _low, _high) in enumerate(rows)
        if number % every == 0
    ]
    return format_html(
        '<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        WIDTH,
        HEIGHT,
        title,
        format_html_join("", GRID, grid),
        format_html_join("", '<rect class="bar bar-1" x="{}" y="{}" width="{}" height="{}"/>', bars),
        format_html_join("", '<text x="{}" y="{}" text-anchor="start">{}</text>', labels),
    )


def _floor(value: float) -> int:
    """The even number at or below."""
    return int(value // 2 * 2)
