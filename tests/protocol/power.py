"""A plug that is pulled at an exact moment: at the n-th write to the journal, or at the n-th word to a lock."""

import shutil
from pathlib import Path

from pickup.controller import database
from pickup.controller.program import JOURNAL_NAME

WRITES = ("INSERT", "UPDATE", "DELETE", "COMMIT", "BEGIN")


class PowerCut(BaseException):
    """No code of the program runs after this."""


class Plug:
    """Counts every write and every pulse, and pulls itself out right before number `cut_at`."""

    def __init__(self, cut_at: int | None = None) -> None:
        self.cut_at = cut_at
        self.moment = 0
        self.is_out = False

    def pass_moment(self) -> None:
        """One more moment at which the power may go."""
        if self.is_out:
            raise PowerCut
        self.moment += 1
        if self.moment == self.cut_at:
            self.is_out = True
            raise PowerCut

    def connection(self) -> type[database.Connection]:
        """A connection that asks this plug before each write. Not even a ROLLBACK gets through without power."""
        plug = self

        class Plugged(database.Connection):
            def execute(self, statement, *rest):
                if statement.startswith(WRITES):
                    plug.pass_moment()
                elif plug.is_out:
                    raise PowerCut
                return super().execute(statement, *rest)

        return Plugged


def copy_card(source: Path, target: Path) -> None:
    """Take what is on the memory card at this moment, the log of writes included."""
    target.mkdir()
    for part in source.glob(f"{JOURNAL_NAME}*"):
        shutil.copy(part, target / part.name)
    for name in ("device.key", "boot_id"):
        if (source / name).exists():
            shutil.copy(source / name, target / name)
