"""Why a compartment is out of use, in words; which faults the bank itself must see mended."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WORDS = {
    "jam": gettext_lazy("jammed: two attempts did not open it"),
    "left_open": gettext_lazy("the door stood open for ten minutes"),
    "intrusion": gettext_lazy("the door opened without command"),
    "sensor": gettext_lazy("its sensor is not to be trusted"),
    "temp": gettext_lazy("too warm for too long"),
    "temperature": gettext_lazy("too warm for too long"),
    "check": gettext_lazy("something may still be inside"),
    "dirty": gettext_lazy("to be cleaned"),
    "technician": gettext_lazy("taken out of use by whoever looked at it on site"),
    "operator": gettext_lazy("blocked by an operator"),
}
# The bank puts these back into service only after it saw the door open and close (docs/lockers-protocol.md, section 5).
NEEDS_INSPECTION = {"jam", "left_open", "intrusion", "sensor"}


def in_words(reason: str) -> str:
    """The bank's own reasons in the reader's language; an operator's reason as it was typed."""
    return str(WORDS.get(reason, reason))


def inspection(reason: str) -> str:
    """What has to happen before the compartment can come back; empty when nothing has to."""
    if reason not in NEEDS_INSPECTION:
        return ""
    return _(
        "The bank puts this compartment back into service only after it has seen the door open and close. "
        "Stand in front of it, open it, look inside, close it, then put it back."
    )
