"""The HTTP server of the kiosk: this computer's own page, for the screen in front of it.

Only the tab that began a visit may act in it (`X-Visit`); every change must come from a page of this very server (`Host` and
`Origin` are compared), so a foreign site in another tab can do nothing.
"""

import json
import logging
from collections.abc import Callable
from http import HTTPStatus
from http.client import LineTooLong
from pathlib import Path

from pickup.controller.bank import Bank, Refused
from pickup.controller.config import Config
from pickup.controller.database import JournalFailed
from pickup.controller.drivers.base import Driver
from pickup.controller.drivers.simulator import Simulator
from pickup.controller.servicing import ServiceVisit
from pickup.controller.visit import Visit
from pickup.protocol import wire
from pickup.protocol.errors import ProtocolError

from . import documents, service
from .bounded import BoundedHandler, BoundedServer
from .requests import BadRequest
from .simulated import SimulatedWall

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
MOST_BODY_BYTES = 10_000
MOST_DIGITS = len(str(MOST_BODY_BYTES))
LONGEST_CODE = 400
VISIT_HEADER = "X-Visit"
OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
}
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class KioskServer:
    """Serves the page and its API until stopped."""

    def __init__(self, bank: Bank, driver: Driver) -> None:
        """Bind the configured host and port; port 0 takes any free one."""
        self._bind(bank.config, Routes(bank, driver))

    def _bind(self, config: Config, routes: "Routes | ClosedRoutes") -> None:
        handler = type("BankHandler", (Handler,), {"routes": routes})
        self._http = BoundedServer(config.kiosk.host, config.kiosk.port, handler)

    @property
    def address(self) -> str:
        """Return the address of the page."""
        host, port = self._http.server_address[:2]
        return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"

    def run(self) -> None:
        """Serve until `stop`."""
        self._http.serve_forever(poll_interval=0.2)

    def stop(self) -> None:
        """End `run` and close the port."""
        self._http.shutdown()
        self._http.server_close()


class ClosedKiosk(KioskServer):
    """The page of a bank without a journal: it says that the bank is out of order, and whom to call. No door hangs on it."""

    def __init__(self, config: Config, trouble: str) -> None:
        self._bind(config, ClosedRoutes(config, trouble))


class ClosedRoutes:
    """What can be looked at without a journal; whatever one wants to do is refused."""

    def __init__(self, config: Config, trouble: str) -> None:
        self.files = _files()
        self.looks = dict.fromkeys(("/api/state", "/api/wall"), lambda session: documents.closed(config, trouble))
        self.acts = {"/api/enter": self._refuse}

    def out_of_order(self) -> dict:
        """Return what the page shows."""
        return self.looks["/api/state"](None)

    def _refuse(self, session: str, body: dict) -> dict:
        raise Refused("no_journal")


class Routes:
    """Which address does what. Pages and files by name, never by path."""

    def __init__(self, bank: Bank, driver: Driver) -> None:
        self.bank = bank
        self.files = _files()
        self.looks: dict[str, Callable[[str | None], dict]] = {
            "/api/state": lambda session: documents.state(bank, session),
            "/api/wall": lambda session: documents.wall(bank),
        }
        self.acts: dict[str, Callable[[str, dict], dict]] = {
            "/api/enter": self._enter,
            "/api/deposit": self._at_hand(lambda session, body: bank.deposit(session, _text(body, "answer"))),
            "/api/claim": self._at_hand(lambda session, body: bank.claim(session)),
            "/api/skip": self._at_hand(lambda session, body: bank.skip(session)),
            "/api/remark": self._at_hand(lambda session, body: bank.remark(session, _text(body, "code"))),
            "/api/reopen": lambda session, body: self._shown(bank.reopen(session, _door(body))),
            "/api/extend": self._extend,
            "/api/finish": self._finish,
            **service.acts(bank),
        }
        if isinstance(driver, Simulator):
            simulated = SimulatedWall(bank, driver)
            self.files["/simulateur"] = HERE / "static" / "simulator.html"
            self.looks["/api/simulator"] = lambda session: simulated.document()
            self.acts.update(simulated.acts())

    def out_of_order(self) -> dict:
        """Return what is shown when the journal fails while somebody looks."""
        return documents.closed(self.bank.config, self.bank.journal.db.trouble)

    def _at_hand(self, act: Callable[[str, dict], Visit]) -> Callable[[str, dict], dict]:
        """Answer for the door that the page shows, if it says which: the second tap of two is not for the next door."""

        def answer(session: str, body: dict) -> dict:
            with self.bank.lock:
                if door := _door(body):
                    self.bank.check_at_hand(session, door)
                return self._shown(act(session, body))

        return answer

    def _enter(self, session: str, body: dict) -> dict:
        visit = self.bank.enter(_text(body, "code"), session)
        if isinstance(visit, ServiceVisit):
            return {"session": visit.session, "service": service.document(self.bank, visit.session)}
        return {"session": visit.session, "visit": documents.visit(self.bank, visit)}

    def _extend(self, session: str, _: dict) -> dict:
        if self.bank.servicing.knows(session):
            self.bank.servicing.doors(session)
            return {"service": service.document(self.bank, session)}
        return self._shown(self.bank.extend(session))

    def _finish(self, session: str, _: dict) -> dict:
        self.bank.finish(session)
        return {}

    def _shown(self, visit: Visit) -> dict:
        return {"visit": documents.visit(self.bank, visit)}


class Handler(BoundedHandler):
    """One request of the page."""

    routes: Routes | ClosedRoutes
    server_version = "kiosk"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer with a file, or with a document of the API."""
        path = self._path()
        if not self._is_for_us():
            self._send_json(HTTPStatus.FORBIDDEN, {"why": "forbidden"})
        elif path in self.routes.files:
            file = self.routes.files[path]
            self._send(HTTPStatus.OK, file.read_bytes(), TYPES[file.suffix])
        elif path in self.routes.looks:
            self._send_json(HTTPStatus.OK, self._look(path))
        else:
            self._send_json(HTTPStatus.NOT_FOUND, {"why": "not_found"})

    def do_POST(self) -> None:
        """Do one thing for our own page; 409 with a reason code when the bank refuses."""
        self.close_connection = True
        try:
            act = self.routes.acts.get(self._path())
            if act is None:
                raise BadRequest(HTTPStatus.NOT_FOUND)
            self._check_origin()
            body = self._body()
            with self.server.uncut(self.connection):
                answer = act(self.headers.get(VISIT_HEADER) or "", body)
            self._send_json(HTTPStatus.OK, answer)
        except Refused as refused:
            self._send_json(HTTPStatus.CONFLICT, {"why": refused.why, "seconds": refused.seconds})
        except BadRequest as error:
            self._send_json(error.status, {"why": error.status.phrase})

    def log_message(self, template: str, *values: object) -> None:
        """Log quietly: addresses only, never a body, for bodies hold codes."""
        log.debug(template, *values)

    def _path(self) -> str:
        return self.path.partition("?")[0]

    def _look(self, path: str) -> dict:
        try:
            return self.routes.looks[path](self.headers.get(VISIT_HEADER))
        except JournalFailed:
            return self.routes.out_of_order()

    def _is_for_us(self) -> bool:
        """Say whether the request is for this computer by its own name: a foreign name may have been bent towards us."""
        port = self.server.server_address[1]
        return self.headers.get("Host") in {f"{name}:{port}" for name in OWN_NAMES}

    def _check_origin(self) -> None:
        if not self._is_for_us() or self.headers.get("Origin") != f"http://{self.headers.get('Host')}":
            raise BadRequest(HTTPStatus.FORBIDDEN)

    def _body(self) -> dict:
        if self.headers.get_content_type() != "application/json":
            raise BadRequest(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or len(length) > MOST_DIGITS or int(length) > MOST_BODY_BYTES:
            raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            content = self.rfile.read(int(length))
            body = wire.decode(content, most=MOST_BODY_BYTES)
        except TimeoutError as error:
            raise BadRequest(HTTPStatus.REQUEST_TIMEOUT) from error
        except LineTooLong as error:
            raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE) from error
        except ProtocolError as error:
            raise BadRequest(HTTPStatus.BAD_REQUEST) from error
        if len(content) < int(length) or not isinstance(body, dict):
            raise BadRequest(HTTPStatus.BAD_REQUEST)
        return body

    def _send_json(self, status: HTTPStatus, document: dict) -> None:
        self._send(status, json.dumps(document).encode(), TYPES[".json"])

    def _send(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        """Send what forbids everything foreign, with errors too."""
        for name, value in SECURITY.items():
            self.send_header(name, value)
        super().end_headers()


def _files() -> dict[str, Path]:
    files = {f"/static/{path.name}": path for path in (HERE / "static").iterdir()}
    return {**files, "/": HERE / "static" / "kiosk.html", "/words.json": HERE / "words.json"}


def _door(body: dict) -> str | None:
    return _text(body, "compartment") if "compartment" in body else None


def _text(body: dict, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or len(value) > LONGEST_CODE:
        raise BadRequest(HTTPStatus.BAD_REQUEST)
    return value
