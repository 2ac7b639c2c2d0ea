"""Names and qualities of the MQTT topics of one bank (docs/lockers-protocol.md, section 9)."""

from enum import StrEnum

ROOT = "tlp/1"
SESSION_SECONDS = 24 * 3600
WILL_DELAY_SECONDS = 45
KEEP_ALIVE_SECONDS = 30
RECEIVE_MAXIMUM = 8
HEARTBEAT_SECONDS = 60
HEARTBEAT_LIFE_SECONDS = 120
RESPONSE_LIFE_SECONDS = 7 * 24 * 3600
ACKNOWLEDGEMENT_LIFE_SECONDS = 60


class Channel(StrEnum):
    """What the topics of a bank carry. All but the first go from the bank to the server."""

    COMMANDS = "cmd"
    RESPONSES = "rsp"
    EVENTS = "evt"
    STATE = "state"
    CONNECTION = "conn"
    HEARTBEAT = "hb"


FROM_BANK = tuple(channel for channel in Channel if channel is not Channel.COMMANDS)
RETAINED = frozenset({Channel.STATE, Channel.CONNECTION})


def of(bank: str, channel: Channel) -> str:
    """Return the topic of one bank; `+` for `bank` names that of all banks."""
    return f"{ROOT}/{bank}/{channel}"


def split(topic: str) -> tuple[str, str]:
    """Return (bank, channel) of a topic of ours; empty texts for any other."""
    *root, bank, channel = topic.split("/") if topic.count("/") == ROOT.count("/") + 2 else ("", "")
    return (bank, channel) if "/".join(root) == ROOT else ("", "")
