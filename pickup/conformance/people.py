"""The person in front of the bank: enters a code, answers the screen. A maker with another keypad implements `Keypad` for it."""

import http.client
import json
from typing import Protocol

TIMEOUT_SECONDS = 10


class Keypad(Protocol):
    """Hands at the keypad and the scanner. Methods that act return None when done, or the reason code of the refusal."""

    def look(self) -> None:
        """Glance at the screen. When it returns, the controller has looked at its doors and at the time once more."""

    def enter(self, code: str) -> str | None:
        """Type a PIN, or hold a QR code in front of the scanner."""

    def door(self) -> tuple[str | None, str]:
        """Return the compartment of the step at hand and its door: waiting, opening, open, closed, stuck, no_room or over."""

    def deposit(self, answer: str) -> str | None:
        """Answer deposited, declined or larger."""

    def claim(self) -> str | None:
        """Say "I have taken everything" of the door at hand."""

    def skip(self) -> str | None:
        """Turn to the next door without taking."""

    def reopen(self) -> str | None:
        """Ask for the door at hand once more."""

    def finish(self) -> str | None:
        """Go away."""


class Kiosk:
    """The keypad of Halles' own controller, through the HTTP API of its page."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.session = ""

    def look(self) -> None:
        """Glance at the screen."""
        self._state()

    def enter(self, code: str) -> str | None:
        """Type a PIN or show a QR code."""
        status, answer = self._ask("POST", "/api/enter", {"code": code})
        self.session = answer.get("session", "")
        return _refusal(status, answer)

    def door(self) -> tuple[str | None, str]:
        """Return the compartment of the step at hand and what its door does."""
        visit = self._state()["visit"]
        if visit is None or visit["index"] >= len(visit["steps"]):
            return None, "over"
        step = visit["steps"][visit["index"]]
        return step["compartment"], step["door"]

    def deposit(self, answer: str) -> str | None:
        """Answer deposited, declined or larger."""
        return self._act("deposit", answer=answer)

    def claim(self) -> str | None:
        """Take everything."""
        return self._act("claim")

    def skip(self) -> str | None:
        """Turn to the next door."""
        return self._act("skip")

    def reopen(self) -> str | None:
        """Ask for the door once more."""
        return self._act("reopen")

    def finish(self) -> str | None:
        """Go away."""
        return self._act("finish")

    def _state(self) -> dict:
        return self._ask("GET", "/api/state")[1]

    def _act(self, verb: str, **body: str) -> str | None:
        return _refusal(*self._ask("POST", f"/api/{verb}", body))

    def _ask(self, method: str, path: str, body: dict | None = None) -> tuple[int, dict]:
        host = f"127.0.0.1:{self.port}"
        headers = {"Host": host, "Origin": f"http://{host}", "X-Visit": self.session}
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except http.client.HTTPException as error:
            raise ConnectionError("The screen went dark in the middle of a sentence.") from error
        finally:
            connection.close()


def _refusal(status: int, answer: dict) -> str | None:
    return None if status == http.client.OK else answer["why"]
