"""Runs scenarios against a controller, each with a fresh bank in a fresh folder."""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from .clocks import RehearsalClock
from .judge import Failed
from .rehearsal import HTTPS, Interruption, Rehearsal
from .scenarios import Scenario
from .wall import SimulatedWall, Wall


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
    waited_seconds: float
    """How much time passed on the controller's clock."""

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
    wall: Callable[[Path], Wall] = SimulatedWall,
) -> Result:
    """Play one scenario and judge it. A controller that crashes or hangs has failed too."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        stage = Rehearsal(
            command, Path(folder), transport=transport, interruption=interruption, clock=clock and clock(), wall=wall
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
            waited = stage.clock.now() - stage.papers.now
            stage.close()
    return Result(
        number=scenario.number,
        title=scenario.title,
        transport=transport,
        interruption=interruption,
        passed=not words,
        words=words,
        seconds=round(time.monotonic() - began, 2),
        waited_seconds=round(waited.total_seconds(), 1),
    )


def variants(scenario: Scenario, transport: str, wall: Callable[[Path], Wall] = SimulatedWall) -> list[Interruption]:
    """Return the interruptions to play a scenario with; none at all when it is not for this transport."""
    noise = [Interruption.NOISE] if hasattr(wall, "disturb") and not scenario.hurried else []
    return [Interruption.NONE, *scenario.interruptions, *noise] if transport in scenario.transports else []


def why_left_out(
    scenario: Scenario, wall: Callable[[Path], Wall], *, is_steered: bool = True, longest: int | None = None
) -> str | None:
    """Say why a scenario cannot be played with such a wall and clock; None when it can."""
    if not wall.traits.sensors and not scenario.without_sensors:
        return "asks what a door does, and these boards have no sensors"
    if scenario.wrong_clock and not is_steered:
        return "its clock must go wrong, and a real one does not"
    if longest is not None and scenario.minutes > longest:
        return f"lasts up to {scenario.minutes} minutes"
    return None


def run_all(
    scenarios: Iterable[Scenario],
    command: str,
    *,
    transport: str,
    plainly: bool = False,
    wall: Callable[[Path], Wall] = SimulatedWall,
    **more: object,
) -> Iterator[Result]:
    """Play each scenario as it is, and, unless `plainly`, with each of its interruptions."""
    for scenario in scenarios:
        for interruption in variants(scenario, transport, wall)[: 1 if plainly else None]:
            yield run(scenario, command, transport=transport, interruption=interruption, wall=wall, **more)
