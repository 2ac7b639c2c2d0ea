"""One leg as the bank knows it: what was agreed about it, and its row in the book."""

import sqlite3
from dataclasses import dataclass, fields
from enum import StrEnum

from pickup.protocol.authlist import AuthEntry
from pickup.protocol.codes import TAUGHT_MAC_BYTES
from pickup.protocol.envelope import from_b64
from pickup.protocol.tokens import Token
from pickup.protocol.vocabulary import Size, Temperature


class State(StrEnum):
    """How far a leg has come."""

    DEPOSITING = "depositing"
    SEALED = "sealed"
    COLLECTED = "collected"
    CLEARED = "cleared"


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """What the server has said of a leg."""

    leg: int
    reservation: int
    temperature: Temperature
    size: Size
    low: bool
    own_compartment: bool
    expected: int
    pin_mac: str | None
    """The resident's PIN, if known: 8 or 10 bytes of its keyed hash."""
    hard_exp: int | None


@dataclass(frozen=True, kw_only=True)
class Terms(Agreed):
    """What was agreed about a leg before anything lies in a compartment."""

    compartment: str | None
    """Where the server believes the goods to be."""
    taught: bool = False

    @classmethod
    def listed(cls, entry: AuthEntry, collect: AuthEntry | None = None) -> "Terms":
        """Take them from a list entry, with the resident's PIN from the leg's collect entry."""
        return cls(
            leg=entry.leg,
            reservation=entry.reservation,
            temperature=entry.temperature,
            size=entry.size,
            low=entry.low,
            own_compartment=entry.own_compartment,
            expected=entry.parcels_expected,
            pin_mac=collect.pin_mac if collect else None,
            hard_exp=collect.hard_exp if collect else None,
            compartment=entry.compartment,
        )

    @classmethod
    def of_token(cls, token: Token) -> "Terms":
        """Take them from a deposit token, which teaches a bank that is off line."""
        teaching = token.teaching
        return cls(
            leg=token.leg,
            reservation=token.reservation,
            temperature=token.temperature,
            size=token.size,
            low=token.low,
            own_compartment=token.own_compartment,
            expected=teaching.parcels,
            pin_mac=teaching.pin_mac,
            hard_exp=teaching.collect_exp if token.hard_exp else None,
            compartment=None,
            taught=True,
        )

    @classmethod
    def inside(cls, leg: "Leg", compartment: str) -> "Terms":
        """Take them from the book, for goods in one of the leg's compartments."""
        agreed = {each.name: getattr(leg, each.name) for each in fields(Agreed)}
        return cls(**agreed, compartment=compartment)


@dataclass(frozen=True, kw_only=True)
class Leg(Agreed):
    """One row of the book. Moments are seconds since 1970 UTC."""

    taught: bool
    compartment: str
    state: State
    remarked: bool
    opened_at: float | None
    closed_at: float | None
    done_at: float | None

    @classmethod
    def of_row(cls, row: sqlite3.Row) -> "Leg":
        """Read a row of the table `legs`."""
        values = dict(row)
        values["temperature"] = Temperature(values["temperature"])
        values["size"] = Size(values["size"])
        values["state"] = State(values["state"])
        for name in ("low", "own_compartment", "taught", "remarked"):
            values[name] = bool(values[name])
        return cls(**values)


def same_pin(one: str | None, other: str) -> bool:
    """Compare two PIN marks on the 8 bytes that a token can carry."""
    return one is not None and from_b64(one)[:TAUGHT_MAC_BYTES] == from_b64(other)[:TAUGHT_MAC_BYTES]
