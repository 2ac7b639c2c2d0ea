"""The 24 scenarios that a controller must pass. The docstring of each is its row: number | what happens | what is expected."""

from collections.abc import Callable
from dataclasses import dataclass

from pickup.conformance.rehearsal import HTTPS, MQTT, Interruption, Rehearsal

SURVIVES_BOTH = (Interruption.KILLED, Interruption.CUT)


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One row, and the function that plays it."""

    number: str
    title: str
    expected: str
    play: Callable[[Rehearsal], None]
    interruptions: tuple[Interruption, ...]
    """With which interruptions in the middle the outcome must be the same."""
    transports: tuple[str, ...]
    offline: bool
    """The cable is cut from the start."""
    wrong_clock: bool
    """The bank's own clock goes wrong, which takes one that the kit steers."""
    minutes: int
    """How long it lasts at most by the controller's clock; an interruption adds two."""
    hurried: bool
    """It counts on what is seen soon, which a noisy line may delay: an opening, or that a board has come back."""
    without_sensors: bool
    """It asks nothing of a door, so that it holds for boards without inputs too."""


SCENARIOS: dict[str, Scenario] = {}


def scenario(
    *interruptions: Interruption,
    transports: tuple[str, ...] = (HTTPS, MQTT),
    offline: bool = False,
    wrong_clock: bool = False,
    minutes: int = 3,
    hurried: bool = False,
    without_sensors: bool = False,
) -> Callable[[Callable], Callable]:
    """Enter a function into the table of scenarios."""

    def enter(play: Callable[[Rehearsal], None]) -> Callable[[Rehearsal], None]:
        number, title, expected = (part.strip() for part in " ".join(play.__doc__.split()).split(" | "))
        SCENARIOS[number] = Scenario(
            number=number,
            title=title,
            expected=expected,
            play=play,
            interruptions=interruptions,
            transports=transports,
            offline=offline,
            wrong_clock=wrong_clock,
            minutes=minutes,
            hurried=hurried,
            without_sensors=without_sensors,
        )
        return play

    return enter


def all_scenarios() -> list[Scenario]:
    """Return the whole table, S1 first."""
    from . import collecting, commands, faults, killing, limits, order  # noqa: F401 each enters its scenarios

    return sorted(SCENARIOS.values(), key=lambda each: int(each.number[1:]))
