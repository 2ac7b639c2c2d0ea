"""The page of somebody with a service token. Each address is a POST with `X-Visit`; what it answers is the new state.

POST /api/service/open       {"compartment": "C12", "purpose": "service" | "clear"}
POST /api/service/cleared    {"compartment": "C12"}      "the goods are out", for a door without a sensor
POST /api/service/inspected  {"compartment": "C12"}      back to use
POST /api/service/take_out   {"compartment": "C12"}      out of use
POST /api/service/budget     {}                          the server may open more for an hour
POST /api/service/accept     {}                          an empty journal is trusted, every door was looked into
POST /api/service/finish     {}
"""

from collections.abc import Callable
from dataclasses import asdict
from http import HTTPStatus

from pickup.controller.actuation import OpenFor
from pickup.controller.bank import Bank
from pickup.protocol import fields
from pickup.protocol.errors import BadMessage

from .requests import BadRequest


def document(bank: Bank, session: str) -> dict:
    """Return what the page shows; looking is no touch, so a forgotten page ends by itself."""
    with bank.lock:
        visit = bank.servicing.visit
        return {
            "one_leg": visit.grant.clears_leg is not None,
            "doors": [asdict(door) for door in bank.servicing.doors_of(visit)],
            "seconds_left": max(0, int(visit.deadline - bank.clock.mono())),
        }


def acts(bank: Bank) -> dict[str, Callable[[str, dict], dict]]:
    """Return address -> what it does."""
    servicing = bank.servicing
    named = {
        "open": lambda session, body: servicing.open(session, _compartment(body), _purpose(body)),
        "cleared": lambda session, body: servicing.cleared(session, _compartment(body)),
        "inspected": lambda session, body: servicing.inspected(session, _compartment(body)),
        "take_out": lambda session, body: servicing.take_out(session, _compartment(body)),
        "accept": lambda session, body: servicing.accept_journal(session),
        "budget": lambda session, body: servicing.raise_budget(session),
    }
    answering = {f"/api/service/{name}": _showing(bank, act) for name, act in named.items()}
    return {**answering, "/api/service/finish": lambda session, body: servicing.finish(session) or {}}


def _showing(bank: Bank, act: Callable[[str, dict], None]) -> Callable[[str, dict], dict]:
    def answer(session: str, body: dict) -> dict:
        try:
            act(session, body)
        except BadMessage as error:
            raise BadRequest(HTTPStatus.BAD_REQUEST) from error
        return {"service": document(bank, session)}

    return answer


def _compartment(body: dict) -> str:
    return fields.text(body, "compartment", longest=20)


def _purpose(body: dict) -> OpenFor:
    return fields.choice(body, "purpose", OpenFor)
