"""How far does guessing get? The keypad's real throttle, attacked day and night on a virtual clock.

The attacker tries another code the moment the keypad listens, ten seconds a try; K = 40 codes are live. Tries a day are
counted from the real `PinThrottle`; the chance follows from them (RFC 4226: s * v / 10^digits), and is checked for four digits
by really guessing. The policies that the project does not use are arithmetic, for comparison.
"""

import json
import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pickup.controller import throttle
from pickup.controller.clock import Clock
from pickup.controller.journal import Journal
from pickup.controller.throttle import PinThrottle
from tests.bench.report import table

LIVE_CODES = 40
TRY_SECONDS = 10
DAY = 24 * 3600
DIGITS = (4, 6, 7, 8)
DAYS = 2
DRAWS = 400


class Hours:
    """Time that passes when the attacker waits."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def wall(self):
        return datetime(2026, 9, 19, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def mono(self) -> float:
        return self.seconds


def tries_a_day(*, closing: bool, knows_a_code: bool = False) -> float:
    """Attack the real throttle for two days; return wrong tries a day."""
    ticker = Hours()
    clock = Clock(ticker)
    journal = Journal(":memory:", clock)
    journal.begin_boot()
    keypad = PinThrottle(journal, clock)
    usual, tried, since_success = throttle.CLOSED_PER_DAY, 0, 0
    throttle.CLOSED_PER_DAY = usual if closing else 10**9
    try:
        while ticker.seconds < DAYS * DAY:
            waiting = keypad.waiting()
            if waiting is not None:
                ticker.seconds += 60 if waiting.seconds is None else waiting.seconds
                continue
            ticker.seconds += TRY_SECONDS
            if knows_a_code and since_success == throttle.FREE_TRIES - 1:
                keypad.right()
                since_success = 0
                continue
            keypad.wrong()
            tried, since_success = tried + 1, since_success + 1
    finally:
        throttle.CLOSED_PER_DAY = usual
        journal.close()
    return tried / DAYS


def chance(tries: float, digits: int) -> float:
    """The probability of at least one hit."""
    return 1 - (1 - LIVE_CODES / 10**digits) ** tries


def share_of_hits(tries: int, digits: int) -> float:
    """The same by guessing: the share of days on which a random code was live."""
    draw = random.Random(20)
    hits = 0
    for _ in range(DRAWS):
        live = set(draw.sample(range(10**digits), LIVE_CODES))
        hits += any(draw.randrange(10**digits) in live for _ in range(tries))
    return hits / DRAWS


def rows() -> list[dict]:
    """One row for each policy."""
    policies = [
        ("none, 10 s a try (arithmetic)", DAY / TRY_SECONDS),
        ("5 wrong, then 5 min (arithmetic)", 5 * DAY / (5 * TRY_SECONDS + 300)),
        ("5 wrong, then 15 min (arithmetic)", 5 * DAY / (5 * TRY_SECONDS + 900)),
        ("100 failures an hour (arithmetic)", 2400.0),
        ("delays alone (real throttle)", tries_a_day(closing=False)),
        ("delays alone, attacker holds one code (real)", tries_a_day(closing=False, knows_a_code=True)),
        ("as shipped: delays, closed after 30 (real)", tries_a_day(closing=True)),
        ("as shipped, attacker holds one code (real)", tries_a_day(closing=True, knows_a_code=True)),
    ]
    return [_row(name, tries) for name, tries in policies]


def _row(name: str, tries: float) -> dict:
    chances = {
        f"{digits} digits": f"{chance(tries, digits):.2%}" if digits < 6 else f"{chance(tries, digits):.4%}"
        for digits in DIGITS
    }
    return {
        "policy": name,
        "tries_a_day": round(tries, 1),
        **chances,
        "8 digits, a year": f"{chance(365 * tries, 8):.2%}",
    }


def main() -> None:
    """Print the table of docs/performance.md and keep it."""
    found = rows()
    shipped = found[-2]["tries_a_day"]
    check = {
        "days_guessed": DRAWS,
        "hit_share_4_digits": share_of_hits(round(shipped), 4),
        "formula": round(chance(shipped, 4), 4),
    }
    path = Path(os.environ["BENCH_OUTPUT"]) / "lockers-guessing.json"
    path.write_text(
        json.dumps({"name": "lockers-guessing", "live_codes": LIVE_CODES, "check": check, "rows": found}, indent=2)
        + "\n"
    )
    print(f"\nGuessing at one keypad, {LIVE_CODES} live codes, the chance of one hit in a day of attack:")
    print("\n".join(table(found)))
    print(
        f"Four digits really guessed on {DRAWS} days of {round(shipped)} tries: {check['hit_share_4_digits']:.1%} hit,",
        end=" ",
    )
    print(f"by the formula {check['formula']:.1%}.\n-> {path}")


if __name__ == "__main__":
    main()
