"""Waking the bridge: PostgreSQL tells it of a commit at once (LISTEN and NOTIFY). Elsewhere its sweep finds the same later."""

import logging
import threading
from collections.abc import Callable

from django.db import connection

logger = logging.getLogger(__name__)
CHANNEL = "halles_banks"
PAUSE_SECONDS = 5.0
LOOK_SECONDS = 1.0
COMMANDS = "commands"


def nudge(what: str = COMMANDS) -> None:
    """Say, with the commit of the running transaction, that there is something for banks: commands, or the list of a point."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, what])


class Listener:
    """A connection of its own that waits for nudges, in a thread of its own."""

    def __init__(self, heard: Callable[[str], None]) -> None:
        self.heard = heard
        self._stop = threading.Event()

    def start(self) -> None:
        """Begin; nothing happens where the database is not PostgreSQL."""
        if connection.vendor == "postgresql":
            threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        """End soon."""
        self._stop.set()

    def _run(self) -> None:
        import psycopg

        while not self._stop.is_set():
            try:
                with psycopg.connect(**connection.get_connection_params(), autocommit=True) as own:
                    own.execute(f"LISTEN {CHANNEL}")
                    self.heard(COMMANDS)  # whatever was committed while nobody listened
                    while not self._stop.is_set():
                        for notice in own.notifies(timeout=LOOK_SECONDS):
                            self.heard(notice.payload)
            except psycopg.Error as error:
                logger.warning("The bridge hears no nudges: %s", error)
                self._stop.wait(PAUSE_SECONDS)
