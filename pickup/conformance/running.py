"""Runs scenarios against a controller, each with a fresh bank in a fresh folder."""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from .clocks import RehearsalClock
from .rehearsal import HTTPS, Failed, Interruption, Rehearsal
from .scenarios import Scenario


@dataclass(frozen=True, kw_only=True)
class Result:
    """How one scenario went."""

    number: str
    title: str
    transport: str
    interruption: str
    passed: bool
    words: str
    """Why it failed; empty when it passed."""
    seconds: float

    def as_document(self) -> dict:
        """Return it for the JSON file."""
        return asdict(self)


def run(
    scenario: Scenario,
    command: str,
    *,
    transport: str = HTTPS,
    interruption: Interruption = Interruption.NONE,
    clock: Callable[[], RehearsalClock] | None = None,
) -> Result:
    """Play one scenario and judge it. A controller that crashes or hangs has failed too."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        stage = Rehearsal(
            command, Path(folder), transport=transport, interruption=interruption, clock=clock and clock()
        )
        try:
            if scenario.offline:
                stage.line.cut()
            stage.start()
            scenario.play(stage)
            stage.judge_the_books()
            words = ""
        except (Failed, RuntimeError, OSError, LookupError) as error:
            words = str(error) or type(error).__name__
        finally:
            stage.close()
    return Result(
        number=scenario.number,
        title=scenario.title,
        transport=transport,
        interruption=interruption,
        passed=not words,
        words=words,
        seconds=round(time.monotonic() - began, 2),
    )


def variants(scenario: Scenario, transport: str) -> list[Interruption]:
    """Return the interruptions to play a scenario with; none at all when it is not for this transport."""
    return [Interruption.NONE, *scenario.interruptions] if transport in scenario.transports else []


def run_all(
    scenarios: Iterable[Scenario], command: str, *, transport: str, plainly: bool = False, **more: object
) -> Iterator[Result]:
    """Play each scenario as it is, and, unless `plainly`, with each of its interruptions."""
    for scenario in scenarios:
        for interruption in variants(scenario, transport)[: 1 if plainly else None]:
            yield run(scenario, command, transport=transport, interruption=interruption, **more)
