"""What a credential allows, and how it is refused."""

from dataclasses import dataclass

from pickup.protocol.vocabulary import Purpose

from .terms import Terms


class Denied(Exception):
    """The credential opens nothing. `why` is the reason code of `credential.rejected`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, kw_only=True)
class Label:
    """What tells one bag from another, as far as the list says it."""

    order: str | None = None
    shop: str | None = None
    bags: int | None = None


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a valid credential allows: these legs, in this order."""

    kind: str
    purpose: Purpose
    reservation: int
    terms: tuple[Terms, ...]
    shop: int | None = None
    jti: str | None = None
    clears_leg: int | None = None
    """Service only: the one leg that the holder may take out; None for all doors."""
    shared: bool = False
    """Shown by somebody whom the resident has sent; `jti` names the share."""
    label: Label = Label()
