"""What each event of a bank means: goods come and go, doors are forced, what does not fit is kept."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone

from pickup import capacity, collections, directions
from pickup.models import BankEvent, Compartment, Leg, LegDoor
from pickup.protocol.messages import ZoneState
from tests.pickup.device import Device, deposited, snapshot_of
from tests.pickup.makers import confirmed, make_bank, make_counter, make_sheet, parcels_of, ready

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("claim", {"reservation": 1, "legs": [999]}),
        ("claim", {"reservation": 1, "legs": ["x"]}),
        ("claim.timeout", {"reservation": 1, "leg": None}),
        ("deposit.confirmed", {"leg": 999, "shop": 1, "compartment": "C1"}),
        ("door.opened", {"compartment": "C99", "outcome": "opened"}),
        ("door.opened", {"outcome": "exploded"}),
        ("door.closed", {}),
        ("compartment.service", {"compartment": "C1", "state": "lost"}),
    ],
)
def test_what_cannot_be_applied_is_kept_with_its_reason_and_blocks_nothing(bank, device, kind, data):
    collection = confirmed(bank.point, (make_sheet(), 1))

    reply = device.sync(device.event(kind, **data), deposited(device, parcels_of(collection)[0]))

    assert reply.cursor == 2
    bad, good = BankEvent.objects.order_by("seq")
    assert (bool(bad.problem), good.problem) == (True, "")
    collection.refresh_from_db()
    assert collection.status == "ready"


def test_a_bank_cannot_touch_what_lies_in_another(bank, device):
    elsewhere = make_bank("S")
    collection = ready(elsewhere.point, (make_sheet(), 1))

    device.sync(device.event("claim", reservation=collection.number, legs=[collection.legs.get().pk]))

    collection.refresh_from_db()
    assert (collection.status, bool(BankEvent.objects.get().problem)) == ("ready", True)


def test_an_unknown_event_is_kept(bank, device):
    device.sync(device.event("wind.felt", force=7))

    assert list(BankEvent.objects.values_list("type", "data", "problem")) == [("wind.felt", {"force": 7}, "")]


def doors(compartments: str) -> dict:
    return {"reservation": 1, "shop": 1, "from": "C1", "to": "C2", "compartments": compartments.split()}


def test_larger_goods_are_behind_both_doors_until_they_were_carried(bank, device):
    collection = confirmed(bank.point, (make_sheet(), 1))
    parcel = parcels_of(collection)[0]

    device.sync(
        deposited(device, parcel), device.event("deposit.larger", leg=parcel.leg_id, way="move", **doors("C1 C2"))
    )
    before = (collection.legs.get().compartment.label, contents())
    device.sync(device.event("deposit.moved", leg=parcel.leg_id, **doors("C2")))

    assert before == ("C1", {"C1": "occupied", "C2": "occupied", "C3": "empty"})
    assert collection.legs.get().compartment.label == "C2"
    assert contents() == {"C1": "empty", "C2": "occupied", "C3": "empty"}


def test_a_leg_behind_two_doors_leaves_both_empty(bank, device):
    collection = confirmed(bank.point, (make_sheet(), 1))
    parcel = parcels_of(collection)[0]
    device.sync(
        deposited(device, parcel), device.event("deposit.larger", leg=parcel.leg_id, way="beside", **doors("C1 C2"))
    )

    device.sync(device.event("claim", reservation=1, legs=[parcel.leg_id], compartments=["C1", "C2"]))

    assert contents() == {"C1": "empty", "C2": "empty", "C3": "empty"}
    assert collection.legs.get().status == "collected"


def contents() -> dict[str, str]:
    return dict(Compartment.objects.values_list("label", "contents"))


def test_a_taken_leg_without_a_claim_counts_after_its_time(bank, device):
    collection = ready(bank.point, (make_sheet(), 1))

    device.sync(device.event("claim.timeout", reservation=collection.number, leg=collection.legs.get().pk))

    collection.refresh_from_db()
    assert collection.status == "collected"


def test_a_door_that_closes_completes_nothing(bank, device):
    collection = ready(bank.point, (make_sheet(), 1))

    device.sync(device.event("door.closed", compartment="C1", leg=collection.legs.get().pk))

    collection.refresh_from_db()
    assert collection.status == "ready"


def test_a_forced_door_is_to_be_checked(bank, device):
    device.sync(device.event("door.uncommanded_open", compartment="C1"))

    forced = Compartment.objects.get(label="C1")
    assert (forced.door, forced.contents) == ("open", "suspect")


def test_the_snapshot_tells_doors_and_faults_and_the_capacity_follows(bank, device):
    device.sync(snapshot=snapshot_of(C1=("open", "in_service"), C2=("closed", "out_of_service")))

    states = dict(Compartment.objects.values_list("label", "door"))
    assert (states["C1"], Compartment.objects.get(label="C2").service) == ("open", "out_of_service")
    assert bank.classes.get(temperature="ambient", size="S").doors == 1


def test_the_snapshot_tells_temperatures_and_forgets_those_that_cannot_be_read():
    bank = make_bank("M chilled", "M frozen")
    device = Device(bank)
    chilled = ZoneState(id="C", temperature="chilled", c=3.84, ok=True)
    frozen = ZoneState(id="F", temperature="frozen", c=-19.0, ok=True)
    device.sync(snapshot=replace(snapshot_of(), zones=(chilled, frozen)))
    first = dict(bank.zones.values_list("temperature", "last_c"))
    device.sync(snapshot=replace(snapshot_of(), zones=(replace(chilled, c=None, ok=False),)))

    assert first == {"chilled": Decimal("3.8"), "frozen": Decimal("-19.0")}
    assert dict(bank.zones.values_list("temperature", "last_c")) == {"chilled": None, "frozen": Decimal("-19.0")}
    bank.refresh_from_db()
    assert bank.snapshot["zones"] == [{"id": "C", "class": "chilled", "c": None, "ok": False}]


@pytest.fixture
def beside(bank, device):
    """A sealed leg behind C1, its own door, and C2."""
    collection = confirmed(bank.point, (make_sheet(), 1))
    parcel = parcels_of(collection)[0]
    larger = device.event("deposit.larger", leg=parcel.leg_id, way="beside", **doors("C1 C2"))
    told = {"compartment": "C1", "deposited": 1, "expected": 1, "verified": True, "compartments": ["C1", "C2"]}
    confirming = device.event(
        "deposit.confirmed", reservation=1, leg=parcel.leg_id, shop=parcel.shop_order.shop_id, **told
    )
    device.sync(larger, confirming)
    return collection


def cleared(device, leg, compartment):
    device.sync(device.event("door.opened", compartment=compartment, leg=leg.pk, purpose="clear", outcome="opened"))


@pytest.mark.parametrize("order", [("C1", "C2"), ("C2", "C1")])
def test_goods_behind_two_doors_are_at_the_counter_when_both_were_cleared(beside, device, order):
    make_counter()
    leg = beside.legs.get()

    cleared(device, leg, order[0])
    cleared(device, leg, order[0])
    between = (beside.legs.get().status, beside.legs.get().compartment.label, contents()[order[1]])
    cleared(device, leg, order[1])

    assert between == ("ready", order[1], "occupied")
    assert beside.legs.get().status == "at_counter"
    assert contents() == {"C1": "empty", "C2": "empty", "C3": "empty"}
    assert not LegDoor.objects.exists()


def test_the_resident_is_told_both_doors_and_a_new_controller_may_open_both(beside, device):
    labels = [door.label for door in directions.doors(beside)]
    collect = next(each for each in device.authlist().entries if each.purpose == "collect")

    assert labels == collections.progress(beside).compartments == ["C1", "C2"]
    assert (collect.compartment, collect.compartments) == ("C1", ("C1", "C2"))


def test_the_second_door_is_taken_for_those_who_plan_and_for_those_who_look(beside, bank):
    stays = capacity.stays_by_bank([bank], timezone.now())[bank.pk]["ambient"]
    second = Compartment.objects.get(label="C2")

    assert sorted(stay.fixed for stay in stays) == sorted(
        Compartment.objects.get(label=each).size for each in ("C1", "C2")
    )
    assert Leg.objects.behind(pk=second.pk).get() == beside.legs.get()
    assert Leg.objects.by_compartment([bank])[second.pk] == beside.legs.get()


def test_goods_carried_out_of_the_second_door_leave_the_first_alone(beside, device):
    told = {**doors("C1 C3"), "from": "C2", "to": "C3"}

    device.sync(device.event("deposit.moved", leg=beside.legs.get().pk, **told))

    assert [door.label for door in directions.doors(beside)] == ["C1", "C3"]
    assert contents() == {"C1": "occupied", "C2": "empty", "C3": "occupied"}


def test_a_door_that_was_not_used_after_all_is_free_again(bank, device):
    leg = confirmed(bank.point, (make_sheet(), 1)).legs.get()
    told = {"reservation": 1, "leg": leg.pk, "shop": 1}

    device.sync(device.event("deposit.larger", way="beside", **{**doors("C1 C2"), **told}))
    before = contents()["C2"]
    device.sync(device.event("deposit.declined", compartment="C1", compartments=[], **told))

    assert (before, contents()["C2"]) == ("occupied", "empty")
    assert not LegDoor.objects.exists()


def test_a_second_door_that_jammed_is_free_again_though_no_other_was_found(beside, device):
    leg = beside.legs.get()
    told = {"reservation": 1, "leg": leg.pk, "shop": 1, "from": "C1", "to": None, "way": None, "compartments": ["C1"]}

    device.sync(device.event("deposit.larger", **told))

    assert contents() == {"C1": "occupied", "C2": "empty", "C3": "empty"}
    assert not LegDoor.objects.exists()


@pytest.mark.parametrize(("why", "left"), [("inspected", "empty"), ("operator", "suspect")])
def test_only_a_technician_who_looked_ends_the_doubt_about_a_door(bank, device, why, left):
    Compartment.objects.filter(label="C1").update(contents="suspect")

    device.sync(device.event("compartment.service", compartment="C1", state="in_service", why=why))

    assert contents()["C1"] == left


def test_a_technician_who_looked_does_not_empty_a_door_with_goods(beside, device):
    device.sync(device.event("door.uncommanded_open", compartment="C2"))

    device.sync(device.event("compartment.service", compartment="C2", state="in_service", why="inspected"))

    assert contents()["C2"] == "suspect"
    assert beside.legs.get().status == "ready"
