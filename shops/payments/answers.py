"""What Stripe's answers say, in our words: small frozen values. Amounts in integer cents, moments aware."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Page:
    """A hosted payment page."""

    id: str
    url: str


@dataclass(frozen=True)
class Line:
    """A line of the hosted page: `unit_amount` in cents."""

    title: str
    unit_amount: int
    quantity: int


@dataclass(frozen=True)
class Standing:
    """How a payment stands at Stripe. Amounts in cents; empty strings and None where nothing is known yet."""

    session_status: str
    livemode: bool
    currency: str
    intent_id: str = ""
    intent_status: str = ""
    amount: int = 0
    capturable: int = 0
    received: int = 0
    refunded: int = 0
    charge_id: str = ""
    capture_before: datetime | None = None
    card_brand: str = ""
    card_last4: str = ""
    decline_code: str = ""
    fee: int | None = None


@dataclass(frozen=True)
class Made:
    """A refund, transfer or reversal that exists at Stripe. `amount` in cents; `status` only of refunds."""

    id: str
    amount: int
    status: str = ""
    op_id: str = ""


@dataclass(frozen=True)
class Dispute:
    """The resident's bank takes `amount` cents back; `fee` is what Stripe charges for the case, in cents."""

    id: str
    status: str
    amount: int
    fee: int

    @property
    def is_lost(self) -> bool:
        return self.status == "lost"

    @property
    def is_over(self) -> bool:
        """Decided in favour of one side, or withdrawn before it became a dispute."""
        return self.status in ("won", "lost", "warning_closed", "prevented")


@dataclass(frozen=True)
class Movement:
    """One line of the platform's Stripe account, in cents. `source` is the charge, refund, transfer or reversal."""

    id: str
    kind: str
    source: str
    amount: int
    fee: int


@dataclass(frozen=True)
class Payability:
    """Whether a shop's account may receive money, in Stripe's words, and what is missing when not."""

    account: str
    status: str
    code: str = ""
    livemode: bool = False

    @property
    def active(self) -> bool:
        return self.status == "active"


@dataclass(frozen=True)
class Notice:
    """A verified webhook: ids only, whatever the format (snapshot or thin)."""

    id: str
    kind: str
    object_id: str
    livemode: bool
    intent_id: str = ""
    op_id: str = ""
