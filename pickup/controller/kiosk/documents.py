"""What the page is told. Nothing in here names a person, a shop or an order."""

from pickup.controller.bank import Bank
from pickup.controller.drivers.simulator import Simulator
from pickup.controller.visit import Step, Visit

from . import service


def wall(bank: Bank) -> dict:
    """Return the plan of the wall, for the drawing."""
    boxes = [
        {
            "id": box.id,
            "side": box.side,
            "column": box.column,
            "row": box.row,
            "size": box.size,
            "temperature": box.temperature,
        }
        for box in bank.wall.compartments.values()
    ]
    return {"compartments": boxes}


def state(bank: Bank, session: str | None) -> dict:
    """Return what the screen shows now; the visit only to the tab that began it."""
    with bank.lock:
        bank.tick()
        waiting = bank.throttle.waiting()
        serviced = bank.servicing.visit is not None
        servicing = session is not None and bank.servicing.knows(session)
        mine = bank.visit is not None and session is not None and bank.knows(session)
        return {
            "name": bank.config.name,
            "help_phone": bank.config.kiosk.help_phone,
            "languages": list(bank.config.kiosk.languages),
            "simulator": isinstance(bank.doors.driver, Simulator),
            "pin": {"channel": bank.throttle.channel(), "seconds": waiting.seconds if waiting else None},
            "busy": bool(bank.visit and bank.visit.current and not mine) or (serviced and not servicing),
            "out_of_order": bank.health.trouble(),
            "visit": visit(bank, bank.visit) if mine else None,
            "service": service.document(bank, session) if servicing else None,
        }


def visit(bank: Bank, current: Visit) -> dict:
    """Return one visit as the page shows it."""
    return {
        "purpose": current.purpose,
        "index": current.index,
        "steps": [_step(step) for step in current.steps],
        "seconds_left": max(0, int(current.deadline - bank.clock.mono())),
    }


def _step(step: Step) -> dict:
    return {
        "compartment": step.compartment,
        "door": step.door,
        "carry_from": step.carry_from,
        "beside": step.beside,
        "reopened": step.reopened,
        "result": step.result,
    }
