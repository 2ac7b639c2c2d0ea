"""Write docs/protocol/: a JSON Schema of each TLP/1 message, and the AsyncAPI document of its MQTT topics.

The schemas are not written twice: each says exactly what the readers of `pickup.protocol` ask (`scripts.reader_questions`).
Rules between fields, which no reader asks of a single one, are added in `schemas`.

Usage: python -m scripts.protocol_schemas [--check]
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from pickup.protocol import authlist, commands, configs, envelope, topics
from pickup.protocol.messages import Connection, SyncReply, SyncRequest
from pickup.protocol.provisioning import ProvisionReply, ProvisionRequest
from pickup.protocol.topics import Channel
from pickup.protocol.vocabulary import CommandType, EventType
from scripts.reader_questions import BANK, Noted, asked_by, nullable

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "protocol"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def command(value: Noted) -> None:
    """A command as a bank reads it: the envelope, then the signature."""
    commands.read(value, BANK)
    envelope.verify(value, {})


PAIR = {"type": "array", "prefixItems": [{"type": "integer", "minimum": 1}] * 2, "minItems": 2, "maxItems": 2}
READERS: dict[str, tuple[str, Callable, str | None]] = {
    "sync-request": ("What a bank reports; over MQTT in parts", lambda value: SyncRequest.read(value, BANK), None),
    "sync-reply": ("What the server answers and confirms", lambda value: SyncReply.read(value, {}, BANK), "sync"),
    "command": ("One order of the server to one bank", command, None),
    "authlist": (
        "All that a bank may open without the server",
        lambda value: authlist.verify(value, {}, BANK),
        "authlist",
    ),
    "config": (
        "What the server manages of a bank's configuration",
        lambda value: configs.verify(value, {}, BANK),
        "config",
    ),
    "connection": ("Whether the bank is there", lambda value: Connection.read(value, BANK), "conn"),
    "provision-request": ("A new computer presents its one-time token", ProvisionRequest.read, None),
    "provision-reply": ("The identity of the new bank", ProvisionReply.read, "provisioned"),
}


def schemas() -> dict[str, dict]:
    """Each schema by the name of its file."""
    made = {
        name: {"$schema": DIALECT, "title": f"TLP/1 {name}", "description": words, **asked_by(read, type_)}
        for name, (words, read, type_) in READERS.items()
    }
    made["sync-reply"]["properties"]["stored"] = nullable({"type": "array", "maxItems": 200, "items": PAIR})
    made["sync-reply"]["properties"]["commands"]["items"] = {"$ref": "command.json"}
    made["command"]["properties"]["type"]["examples"] = [str(kind) for kind in CommandType]
    event = made["sync-request"]["properties"]["events"]["items"]
    event["properties"]["type"]["examples"] = [str(kind) for kind in EventType]
    made["authlist"]["properties"]["entries"]["items"]["allOf"] = [
        _only_with("deposit", "shop"),
        _only_with("share", "jti"),
    ]
    made["config"]["properties"]["help_phone"] = nullable({"type": "string", "maxLength": 40})
    made["config"]["required"].remove("help_phone")
    made["provision-reply"]["properties"]["config"] = {"$ref": "config.json"}
    return made


def _only_with(purpose: str, name: str) -> dict:
    """The field is set on entries of this purpose, and on no others."""
    is_set = {"required": [name], "properties": {name: {"not": {"type": "null"}}}}
    return {"if": {"properties": {"purpose": {"const": purpose}}}, "then": is_set, "else": {"not": is_set}}


WHAT_THEY_CARRY = {
    Channel.COMMANDS: (
        "send",
        ["command", "sync-reply"],
        "Commands, one by one, and what is stored of the bank's reports",
    ),
    Channel.RESPONSES: ("receive", ["sync-request"], "Outcomes of commands, from the outbox"),
    Channel.EVENTS: ("receive", ["sync-request"], "Events, from the outbox"),
    Channel.STATE: ("receive", ["sync-request"], "The whole wall, on connecting and on change"),
    Channel.CONNECTION: ("receive", ["connection"], "Whether the bank is there; also its last will"),
    Channel.HEARTBEAT: ("receive", ["sync-request"], "Clock and health of the computer"),
}
LIVES = {
    Channel.COMMANDS: {"messageExpiryInterval": {"type": "integer", "minimum": 1, "maximum": 24 * 3600}},
    Channel.RESPONSES: {"messageExpiryInterval": topics.RESPONSE_LIFE_SECONDS},
    Channel.HEARTBEAT: {"messageExpiryInterval": topics.HEARTBEAT_LIFE_SECONDS},
}


def asyncapi() -> dict:
    """The topics from the server's side, AsyncAPI 3."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "TLP/1 over MQTT 5",
            "version": "1",
            "description": "What a locker bank and its server say to each other; docs/lockers-protocol.md says when and why.",
        },
        "channels": {str(channel): _channel(channel) for channel in Channel},
        "operations": {f"{action}-{channel}": _operation(channel) for channel, (action, *_) in WHAT_THEY_CARRY.items()},
        "components": {"messages": {name: {"payload": {"$ref": f"schemas/{name}.json"}} for name in READERS}},
    }


def _channel(channel: Channel) -> dict:
    _action, names, words = WHAT_THEY_CARRY[channel]
    return {
        "address": topics.of("{bank}", channel),
        "description": words,
        "parameters": {"bank": {"description": "The bank's opaque code"}},
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
    }


def _operation(channel: Channel) -> dict:
    qos = 0 if channel is Channel.HEARTBEAT else 1
    binding = {"qos": qos, "retain": channel in topics.RETAINED, **LIVES.get(channel, {}), "bindingVersion": "0.2.0"}
    return {
        "action": WHAT_THEY_CARRY[channel][0],
        "channel": {"$ref": f"#/channels/{channel}"},
        "bindings": {"mqtt": binding},
    }


def files() -> dict[Path, str]:
    """What the folder has to hold."""
    written = {FOLDER / "schemas" / f"{name}.json": schema for name, schema in schemas().items()}
    written[FOLDER / "asyncapi.json"] = asyncapi()
    return {path: json.dumps(content, indent=2) + "\n" for path, content in written.items()}


def main(arguments: list[str]) -> int:
    """Write the files, or say which differ."""
    wanted = files()
    if "--check" in arguments:
        stale = [path for path, content in wanted.items() if not path.exists() or path.read_text() != content]
        for path in stale:
            print(f"{path} differs from the code: run python -m scripts.protocol_schemas")
        return 1 if stale else 0
    for path, content in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
