"""Whether a report comes from the computer that it claims to come from: a copied card has the identity, but not the history.

Two computers with one identity give the same numbers to different events. To skip the second one as known already would lose it.
"""

from django.db import transaction

from pickup.models import Alarm, Bank, BankEvent
from pickup.operating import alarms
from pickup.protocol.errors import BootWentBackwards, NumbersTwice
from pickup.protocol.messages import SyncRequest

COPIED = (BootWentBackwards, NumbersTwice)
SUBJECT = "two_computers"


def check(bank: Bank, request: SyncRequest) -> None:
    """Compare a report with what was heard before; `bank` is locked. Costs a query only when something comes again.

    Raises `BootWentBackwards` for an earlier start, and `NumbersTwice` when a number says something else than before.
    """
    if request.boot_id < bank.boot_id:
        raise BootWentBackwards("The boot number is lower than one seen before: an operator must look at this bank.")
    said = {(item.boot_id, item.seq): item.at for item in (*request.events, *request.responses)}
    again = [number for number in said if number <= (bank.boot_id, bank.cursor)]
    if not again:
        return
    known = BankEvent.objects.filter(
        bank=bank,
        generation=bank.generation,
        boot_id__in={boot_id for boot_id, _ in again},
        seq__in={seq for _, seq in again},
    )
    for boot_id, seq, at in known.values_list("boot_id", "seq", "at"):
        if said.get((boot_id, seq), at) != at:
            raise NumbersTwice(
                f"Number {seq} of start {boot_id} was something else before: two computers, one identity."
            )


@transaction.atomic
def tell(code: str) -> None:
    """Call an operator; not within a transaction that is undone because of the refused report."""
    bank = Bank.objects.select_for_update().get(code=code)
    alarms.ring(bank, Alarm.Kind.DEVICE, subject=SUBJECT)
