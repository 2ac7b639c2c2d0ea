"""The published schemas say what the code says: neither more nor less."""

import copy
import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from pickup.controller import snapshots
from pickup.controller.transports.exchange import Exchange
from pickup.protocol import authlist, commands, configs, topics
from pickup.protocol.errors import ProtocolError
from pickup.protocol.messages import Connection, SyncReply, SyncRequest
from pickup.protocol.provisioning import ProvisionReply, ProvisionRequest
from pickup.protocol.topics import Channel
from pickup.protocol.vocabulary import Purpose
from scripts import protocol_schemas
from tests.protocol.kit import BANK, KID, SERVER_KEY, START, Table, deposit_pin, entry, leg_entries, signed_list

SCHEMAS = protocol_schemas.schemas()
REGISTRY = Registry().with_resources(
    (f"{name}.json", Resource.from_contents(schema)) for name, schema in SCHEMAS.items()
)
OTHERS = [None, True, -1, 0, 2**63, 1.5, "", "x" * 30_000, [], [1], {}, {"a": 1}]


def valid(name: str, document: object) -> bool:
    return Draft202012Validator(SCHEMAS[name], registry=REGISTRY).is_valid(document)


def faults(name: str, document: object) -> list[str]:
    found = Draft202012Validator(SCHEMAS[name], registry=REGISTRY).iter_errors(document)
    return [f"{'/'.join(map(str, fault.absolute_path))}: {fault.message[:200]}" for fault in found]


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> dict:
    """What a bank reports after a deposit, a refusal, an order of the server, an alert and some cold."""
    table = Table(tmp_path_factory.mktemp("bank"))
    table.apply(*leg_entries())
    visit = table.bank.enter(deposit_pin(10))
    table.wait(1)
    table.bank.deposit(visit.session, "deposited")
    table.shut(visit.steps[0].compartment)
    table.bank.finish(visit.session)
    table.order(table.command(compartment="A1", leg=None))
    table.bank.remote.apply({"nonsense": 1})
    table.wait(2)
    request = replace(Exchange(table.bank).report(snapshot=snapshots.take(table.bank)), health=None)
    events, responses = table.journal.unsent(100)
    request = replace(request, events=events, responses=responses, health=Exchange(table.bank).health())
    return json.loads(json.dumps(request.as_document()))


@pytest.fixture(scope="module")
def config() -> dict:
    door = configs.Compartment.read(
        {"id": "A1", "side": 0, "column": 0, "row": 1, "size": "S", "temperature": "ambient", "low": True, "address": 1}
    )
    content = configs.BankConfig(
        bank=BANK,
        generation=1,
        config_seq=3,
        name="Halle",
        help_phone="",
        answer_minutes=15,
        server_keys={KID: "abc"},
        pin_key="abc",
        mqtt_url=None,
        mqtt_ca=None,
        compartments=(door,),
        secret_number=1,
    )
    return json.loads(json.dumps(content.sign(SERVER_KEY, KID)))


def order(**data) -> dict:
    command = commands.Command(
        type="door.open",
        command_id="01K",
        bank=BANK,
        cseq=1,
        issued_at=START,
        not_after=START,
        actor={"kind": "operator", "ref": "7"},
        reason="collect",
        data=data,
    )
    return command.sign(SERVER_KEY, KID)


def listed() -> dict:
    share = entry(Purpose.SHARE, entry=9, jti="0c011ec70001")
    return json.loads(json.dumps(signed_list(*leg_entries((10, 11)), share)))


def test_the_published_files_are_what_the_code_says():
    assert protocol_schemas.main(["--check"]) == 0


def test_every_schema_is_a_schema():
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)


def test_what_both_sides_send_is_valid(report, config):
    reply = SyncReply(
        bank=BANK,
        boot_id=1,
        cursor=4,
        list_etag="90f3",
        server_time=START,
        next_ms=2000,
        commands=(order(compartment="A1"),),
        stored=((1, 2),),
    )
    presence = Connection(bank=BANK, generation=1, boot_id=1, online=True)
    identity = ProvisionReply(device_secret="s", mqtt_user="u", mqtt_password="p", config=config)
    request = ProvisionRequest(token="t", device_key="k").sign(SERVER_KEY)
    sent = {
        "sync-request": report,
        "sync-reply": json.loads(json.dumps(reply.sign(SERVER_KEY, KID))),
        "command": order(compartment="A1"),
        "authlist": listed(),
        "config": config,
        "connection": presence.as_document(),
        "provision-request": request,
        "provision-reply": identity.as_document(),
    }

    assert sent.keys() == SCHEMAS.keys()
    assert {name: faults(name, document) for name, document in sent.items()} == dict.fromkeys(sent, [])
    assert len(report["events"]) > 5
    assert report["responses"]
    assert report["snapshot"]["compartments"]


READ = {
    "sync-request": lambda document: SyncRequest.read(document, BANK),
    "command": lambda document: commands.read(document, BANK),
    "authlist": lambda document: authlist.read(document, BANK),
    "config": lambda document: configs.read(document, BANK),
    "connection": lambda document: Connection.read(document, BANK),
}
# The signature is judged before a signed document is read, the bank by its secret or topic, two fields of the list by nobody.
UNREAD = {"kid", "sig", "bank", "etag", "cfg_hash"}


def paths(value: object, here: tuple = ()) -> list[tuple]:
    """The way to each field of a document; of a list only the first item."""
    parts = value.items() if isinstance(value, dict) else list(enumerate(value))[:1] if isinstance(value, list) else []
    return [found for key, part in parts for found in ((*here, key), *paths(part, (*here, key)))]


def spoilt(document: dict) -> list[tuple[tuple, object, dict]]:
    """Copies of a document with one field each left out, or replaced by something else."""
    made = []
    for path in paths(document):
        for other in ["left out", *OTHERS]:
            copied = copy.deepcopy(document)
            holder = copied
            for key in path[:-1]:
                holder = holder[key]
            if other == "left out":
                if isinstance(holder, list):
                    continue
                del holder[path[-1]]
            else:
                holder[path[-1]] = other
            made.append((path, other, copied))
    return made


@pytest.mark.parametrize("name", READ)
def test_code_and_schema_refuse_the_same(name, report, config):
    presence = Connection(bank=BANK, generation=1, boot_id=1, online=True).as_document()
    sample = {
        "sync-request": report,
        "command": order(compartment="A1"),
        "authlist": listed(),
        "config": config,
        "connection": presence,
    }[name]
    differ = []
    for path, other, document in spoilt(sample):
        if path[0] in UNREAD or "data" in path[:-1] or "detail" in path[:-1] or "actor" in path[:-1]:
            continue
        try:
            READ[name](document)
        except ProtocolError:
            accepted = False
        else:
            accepted = True
        if accepted != valid(name, document):
            differ.append((path, str(other)[:20], accepted))

    assert differ == []


def test_unknown_fields_are_skipped_by_both(report):
    later = report | {"colour": "green"}

    assert SyncRequest.read(later, BANK) == SyncRequest.read(report, BANK)
    assert valid("sync-request", later)


def test_the_topics_are_the_programs_own():
    document = protocol_schemas.asyncapi()

    assert {channel["address"] for channel in document["channels"].values()} == {
        topics.of("{bank}", channel) for channel in Channel
    }
    bindings = {name: each["bindings"]["mqtt"] for name, each in document["operations"].items()}
    assert {name for name, binding in bindings.items() if binding["retain"]} == {"receive-state", "receive-conn"}
    assert [name for name, binding in bindings.items() if binding["qos"] == 0] == ["receive-hb"]
