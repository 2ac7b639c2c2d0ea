"""Import a catalogue file into a shop in one go: every row is imported or reported; running it twice changes nothing more.

At the desk a file waits for its confirmation (`sending.py`); here somebody at the server's console has already said yes.
"""

from collections import Counter
from dataclasses import dataclass, field

from shops.imports import verdicts, writing
from shops.imports.judging import Judge
from shops.imports.reading import Table, read
from shops.models import Shop

CREATED, UPDATED, UNCHANGED, REFUSED, EMPTY = "created", "updated", "unchanged", "refused", "empty"
_OUTCOMES = {
    verdicts.CREATE: CREATED,
    verdicts.CHANGE: UPDATED,
    verdicts.SAME: UNCHANGED,
    verdicts.REFUSE: REFUSED,
    verdicts.EMPTY: EMPTY,
}


@dataclass(frozen=True)
class Problem:
    """Why a row was refused: the column as the file names it, and a sentence."""

    column: str
    text: str


@dataclass(frozen=True)
class Result:
    """What became of one row."""

    line: int
    outcome: str
    title: str = ""
    problems: tuple[Problem, ...] = ()
    changes: tuple[str, ...] = ()


@dataclass
class Report:
    """What became of the file."""

    encoding: str
    separator: str
    ignored: list[str]
    results: list[Result] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Rows by outcome; every outcome is there."""
        counted = Counter(result.outcome for result in self.results)
        return {outcome: counted[outcome] for outcome in _OUTCOMES.values()}

    @property
    def refused(self) -> list[Result]:
        return [result for result in self.results if result.outcome == REFUSED]


def import_catalogue(shop: Shop, content: bytes, *, dry_run: bool = False) -> Report:
    """Write the rows of a file as products of `shop`, some hundred in a transaction; `dry_run` writes nothing at all.

    Raises `Unreadable` before anything is changed.
    """
    table = read(content)
    known = set(table.fields.values())
    ignored = [header for position, header in enumerate(table.headers) if header and position not in known]
    report = Report(table.encoding, table.separator, ignored)
    judge = Judge(shop, table.fields, locks=not dry_run)
    for start in range(0, len(table.rows), writing.AT_ONCE):
        part = table.rows[start : start + writing.AT_ONCE]
        found = judge.judge(part) if dry_run else writing.write(judge, part)
        report.results += [_told(table, verdict) for verdict in found]
    return report


def _told(table: Table, verdict: verdicts.Verdict) -> Result:
    problems = tuple(
        Problem(table.headers[table.fields[name]] if name in table.fields else "", text)
        for name, text in verdict.problems
    )
    changes = tuple(sorted(verdict.changes)) if verdict.kind == verdicts.CHANGE else ()
    return Result(verdict.line, _OUTCOMES[verdict.kind], verdict.title, problems, changes)
