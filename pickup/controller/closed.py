"""A start without a journal: the memory card is full, read-only or dead. The page comes up and says so; no door is touched.

systemd hears that the program is ready and alive, for restarting mends no card. Once the journal can be written again the
program asks for another start, which is an ordinary one.
"""

import logging
import threading
from collections.abc import Callable

from . import supervisor
from .config import Config
from .database import JournalFailed
from .health import RETRY_SECONDS, open_journal
from .kiosk.server import ClosedKiosk
from .program import JOURNAL_NAME

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
LAST_TRY_FACT = "last_try"


def wait(config: Config, trouble: str, stopped: threading.Event, *, again: float = RETRY_SECONDS) -> bool:
    """Show the page until the journal can be written, and return True; False when the program was told to stop."""
    kiosk = ClosedKiosk(config, trouble)
    thread = threading.Thread(target=kiosk.run, daemon=True)
    thread.start()
    log.error("The journal cannot be used: %s. Nothing opens; kiosk at %s", trouble, kiosk.address)
    supervisor.ready()
    try:
        return _until(lambda: can_write(config), stopped, again)
    finally:
        kiosk.stop()


def can_write(config: Config) -> bool:
    """Try one write, as a start would."""
    try:
        config.state_dir.mkdir(parents=True, exist_ok=True)
        journal = open_journal(config.state_dir, JOURNAL_NAME)
        try:
            journal.remember(LAST_TRY_FACT, None)
        finally:
            journal.close()
    except (JournalFailed, OSError):
        return False
    return True


def _until(is_well: Callable[[], bool], stopped: threading.Event, again: float) -> bool:
    looks = max(1, round(again / LOOK_SECONDS))
    while True:
        for _ in range(looks):
            if stopped.wait(min(LOOK_SECONDS, again)):
                return False
            supervisor.alive()
        if is_well():
            return True
