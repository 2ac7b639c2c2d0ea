"""What the page is told. Nothing in here names a person; shops and order numbers only to the shopkeeper who brings the bag."""

from pickup.controller.bank import Bank
from pickup.controller.config import Config
from pickup.controller.database import JournalFailed
from pickup.controller.drivers.simulator import Simulator
from pickup.controller.visit import DoorState, Step, Visit
from pickup.protocol.vocabulary import Door, Purpose

from . import service

LEFT_OPEN_SECONDS = 60


def wall(bank: Bank) -> dict:
    """Return what does not change: the plan of the wall, the bank's name, where help is."""
    return {**plan(bank.config), **_frame(bank)}


def plan(config: Config) -> dict:
    """Return where the doors are on the wall."""
    boxes = [
        {
            "id": box.id,
            "side": box.side,
            "column": box.column,
            "row": box.row,
            "size": box.size,
            "temperature": box.temperature,
            "low": box.low,
        }
        for box in config.compartments
    ]
    return {"compartments": boxes}


def state(bank: Bank, session: str | None) -> dict:
    """Return what the screen shows now; the visit only to the tab that began it."""
    with bank.lock:
        try:
            bank.tick()
            return {**_frame(bank), **_now(bank, session)}
        except JournalFailed:
            return {**_frame(bank), **_without_memory(bank.journal.db.trouble)}


def visit(bank: Bank, current: Visit) -> dict:
    """Return one visit as the page shows it."""
    label = current.grant.label
    return {
        "purpose": current.purpose,
        "index": current.index,
        "steps": [_step(bank, current, step) for step in current.steps],
        "seconds_left": max(0, int(current.deadline - bank.clock.mono())),
        "order": label.order,
        "shop": label.shop,
        "bags": label.bags,
        "orders_done": current.orders_done,
    }


def closed(config: Config, trouble: str | None) -> dict:
    """Return plan and state of a bank that cannot read or write its journal: out of order, and where help is."""
    return {**plan(config), **_sign(config), "simulator": False, **_without_memory(trouble)}


def _frame(bank: Bank) -> dict:
    return {**_sign(bank.config), "simulator": isinstance(bank.doors.driver, Simulator)}


def _sign(config: Config) -> dict:
    return {
        "name": config.name,
        "help_phone": config.kiosk.help_phone,
        "answer_minutes": config.kiosk.answer_minutes,
        "languages": list(config.kiosk.languages),
    }


def _now(bank: Bank, session: str | None) -> dict:
    waiting = bank.throttle.waiting()
    serviced = bank.servicing.visit is not None
    servicing = session is not None and bank.servicing.knows(session)
    mine = bank.visit is not None and session is not None and bank.knows(session)
    blind = all(bank.doors.state(name) is Door.UNKNOWN for name in bank.wall.compartments)
    return {
        "pin": {"channel": bank.throttle.channel(), "seconds": waiting.seconds if waiting else None},
        "busy": bool(bank.visit and bank.visit.current and not mine) or (serviced and not servicing),
        "visit": visit(bank, bank.visit) if mine else None,
        "service": service.document(bank, session) if servicing else None,
        "out_of_order": bank.health.trouble(),
        "blind": blind,
        "left_open": bank.doors.left_open(LEFT_OPEN_SECONDS),
        "offline": bank.offline(),
    }


def _without_memory(trouble: str | None) -> dict:
    pin = {"channel": "open", "seconds": None}
    return {
        "pin": pin,
        "busy": False,
        "visit": None,
        "service": None,
        "out_of_order": trouble,
        "blind": False,
        "left_open": [],
        "offline": True,
    }


def _step(bank: Bank, current: Visit, step: Step) -> dict:
    deposit = current.purpose is Purpose.DEPOSIT
    inside = bank.legs.shops_inside(step.terms.leg).keys() - {current.grant.shop} if deposit else ()
    return {
        "compartment": step.compartment,
        "door": step.door,
        "carry_from": list(step.carry_from),
        "beside": list(step.beside),
        "reopened": step.reopened,
        "result": step.result,
        "low": step.terms.low,
        "temperature": step.terms.temperature,
        "others_inside": len(inside),
        "left_open": step.door is DoorState.OPEN and step.compartment in bank.doors.left_open(LEFT_OPEN_SECONDS),
        "answer_by": _answer_by(bank, step),
    }


def _answer_by(bank: Bank, step: Step) -> int | None:
    """Return the moment by which somebody answers about a stuck door, in seconds since 1970."""
    minutes = bank.config.kiosk.answer_minutes
    return int(step.stuck_at + minutes * 60) if minutes and step.stuck_at else None
