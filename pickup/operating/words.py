"""Single words of the wire, as parts of the operators' sentences (`sentences.py`).

The record that a bank keeps for itself has its own sentences, without names and without Django (`pickup.protocol.sentences`).
`tests/pickup/operating/test_logbook.py` holds both to the same words of the wire.
"""

from django.utils.translation import gettext_lazy

from pickup.protocol.vocabulary import CommandType, Outcome

REJECTED = {
    "unknown": gettext_lazy("wrong code"),
    "not_yet": gettext_lazy("right code, but too early"),
    "expired": gettext_lazy("code that has run out"),
    "revoked": gettext_lazy("code that was withdrawn"),
    "used": gettext_lazy("code that has been used"),
    "not_ready": gettext_lazy("right code, but not all goods are there"),
    "collected": gettext_lazy("code of an order that has been collected"),
    "ambiguous": gettext_lazy("code that fits two orders"),
    "no_room": gettext_lazy("right code, but no compartment is free"),
    "damaged": gettext_lazy("QR code that cannot be read"),
    "foreign": gettext_lazy("QR code of another bank"),
    "hard_exp": gettext_lazy("code of chilled goods whose time is over"),
    "waiting": gettext_lazy("code during the pause after wrong codes"),
    "channel_closed": gettext_lazy("code while the keypad is closed"),
    "needs_token": gettext_lazy("code, where the QR code is needed"),
    "out_of_service": gettext_lazy("right code, but the compartment is blocked"),
    "budget": gettext_lazy("right code, but too many openings in a short time"),
    "clock_unsure": gettext_lazy("service code while the bank was not sure of the time"),
    "other_bag": gettext_lazy("code of another bag while a door was open"),
    "right_bag": gettext_lazy("code of the bag whose door was open"),
    "zone_temp": gettext_lazy("right code, but the goods were too warm too long"),
}
REFUSALS = {
    "unknown_compartment": gettext_lazy("the bank has no such compartment"),
    "unsupported": gettext_lazy("the bank cannot do this"),
    "busy": gettext_lazy("the door is being opened already"),
    "out_of_service": gettext_lazy("the compartment is blocked"),
    "needs_inspection": gettext_lazy("somebody has to see the door open and close first"),
    "budget": gettext_lazy("too many remote openings in a short time, or two doors stand open"),
    "old_cseq": gettext_lazy("a later order was faster"),
    "occupied": gettext_lazy("the bank knows of goods inside that we do not: see to them on site, with a service code"),
    "no_journal": gettext_lazy("the bank could not write its journal"),
}
OUTCOMES = {
    Outcome.OPENED: gettext_lazy("opened"),
    Outcome.OPENED_UNVERIFIED: gettext_lazy("probably opened, the door cannot be seen"),
    Outcome.JAMMED: gettext_lazy("the door did not open"),
    Outcome.FAILED_COMM: gettext_lazy("the lock does not answer"),
    Outcome.EXPIRED: gettext_lazy("arrived too late, nothing was done"),
    Outcome.DUPLICATE: gettext_lazy("still running"),
    Outcome.DONE: gettext_lazy("done"),
    Outcome.UNKNOWN_AFTER_RESTART: gettext_lazy("not known, the bank was restarted"),
}
COMMANDS = {
    CommandType.DOOR_OPEN: gettext_lazy("order to open %(door)s"),
    CommandType.DOOR_LOCATE: gettext_lazy("order to show %(door)s"),
    CommandType.COMPARTMENT_SERVICE: gettext_lazy("order to block %(door)s, or to put it back"),
    CommandType.CONFIG_APPLY: gettext_lazy("a new configuration"),
    CommandType.LIST_CHANGED: gettext_lazy("notice of a new list"),
}
OPENED_FOR = {
    "deposit": gettext_lazy("with the code of a shop"),
    "collect": gettext_lazy("with the resident's code"),
    "service": gettext_lazy("for an inspection"),
    "clear": gettext_lazy("to take uncollected goods out"),
}
NOT_OPENED = {
    Outcome.JAMMED: gettext_lazy("door %(door)s did not open (%(purpose)s)"),
    Outcome.FAILED_COMM: gettext_lazy("door %(door)s did not open, its lock does not answer (%(purpose)s)"),
    Outcome.REFUSED: gettext_lazy("door %(door)s did not open, its lock asks for a pause (%(purpose)s)"),
    Outcome.UNKNOWN_AFTER_RESTART: gettext_lazy(
        "door %(door)s: the bank was restarted and does not know whether it opened (%(purpose)s)"
    ),
}
REMARKS = {
    "missing": gettext_lazy("the resident says at the bank: something is missing"),
    "damaged": gettext_lazy("the resident says at the bank: something is damaged"),
    "wrong": gettext_lazy("the resident says at the bank: these are not my goods"),
    "not_empty": gettext_lazy("the resident says at the bank: something was left inside"),
}
ALERTS = {
    "bad_signature": gettext_lazy("the bank refused an order whose signature is wrong"),
    "bad_command": gettext_lazy("the bank refused an order that it cannot read"),
    "old_cseq": gettext_lazy("the bank refused an order with an old number"),
    "old_list": gettext_lazy("the bank refused a list older than its own"),
    "bad_config": gettext_lazy("the bank refused a configuration that it cannot use"),
    "remote_budget": gettext_lazy("the bank counts unusually many remote openings"),
    "wrong_pins": gettext_lazy("the bank counts unusually many wrong codes"),
    "bus_permission": gettext_lazy("the bank's program may not use the cable to the locks"),
    "power": gettext_lazy("the bank was restarted while a door was opening: whether it opened is not known"),
    "outbox_full": gettext_lazy("the bank holds so many reports that it can take no more"),
    "retained_command": gettext_lazy("the bank refused an order that a broker had kept"),
    "journal": gettext_lazy(
        "the bank lost its journal: whoever knows its doors has to compare them and accept the new one"
    ),
    "journal_stopped": gettext_lazy("the bank could not write its journal, and opened nothing in that time"),
    "two_computers": gettext_lazy(
        "two computers report as this bank, or an old copy of its card is in use: connect the right computer anew"
    ),
}
