"""Shops putting goods in: one door for several shops, larger doors, refusals."""

import pytest

from pickup.controller.bank import Refused
from pickup.controller.terms import State
from pickup.protocol.vocabulary import Purpose, Size, Temperature

from .kit import HOUR, collect_pin, deposit_pin, deposit_token, entry, leg_entries


def test_three_shops_share_one_door_and_one_pin_collects(table):
    """S1."""
    table.apply(*leg_entries(shops=(10, 11, 12)))

    for shop in (10, 11, 12):
        table.confirm_all(table.bank.enter(deposit_pin(shop)))
    collecting = table.bank.enter(collect_pin())
    table.bank.claim(collecting.session)

    assert table.pulses() == ["A1"] * 4
    assert [(data["shop"], data["deposited"], data["verified"]) for data in table.events("deposit.confirmed")] == [
        (10, 1, True),
        (11, 2, True),
        (12, 3, True),
    ]
    assert table.events("claim") == [{"reservation": 1, "legs": [71], "compartments": ["A1"]}]
    assert table.bank.legs.find(71).state is State.COLLECTED


def test_resident_opens_nothing_before_the_last_shop_came(table):
    table.apply(*leg_entries(shops=(10, 11)))
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    before = table.pulses()

    with pytest.raises(Refused) as refused:
        table.bank.enter(collect_pin())

    assert refused.value.why == "not_ready"
    assert table.pulses() == before
    assert table.events("credential.rejected") == [{"kind": "pin", "why": "not_ready"}]


def test_leg_is_sealed_when_the_server_expects_one_parcel_less(table):
    """S19: shop 11 never comes."""
    table.apply(*leg_entries(shops=(10, 11)))
    table.confirm_all(table.bank.enter(deposit_pin(10)))

    table.apply(entry(Purpose.COLLECT, entry=7100, parcels_expected=1), seq=2)

    assert table.bank.legs.find(71).state is State.SEALED
    table.bank.enter(collect_pin())
    assert table.pulses() == ["A1", "A1"]


def test_another_shop_opens_nothing_once_the_leg_is_sealed(table):
    table.apply(*leg_entries(shops=(10, 11), parcels_expected=1))
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    before = table.pulses()

    with pytest.raises(Refused) as refused:
        table.bank.enter(deposit_pin(11))

    assert refused.value.why == "used"
    assert table.pulses() == before


def test_a_shop_may_add_a_forgotten_bag_for_fifteen_minutes_only(table):
    table.apply(*leg_entries())
    table.confirm_all(table.bank.enter(deposit_pin(10)))

    table.wait(14 * 60, step=30)
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    table.wait(2 * 60, step=30)
    with pytest.raises(Refused) as refused:
        table.bank.enter(deposit_pin(10))

    assert refused.value.why == "used"
    assert table.pulses() == ["A1", "A1"]


@pytest.mark.parametrize(
    ("size", "temperature", "low", "compartment"),
    [
        (Size.S, Temperature.AMBIENT, False, "A1"),
        (Size.S, Temperature.AMBIENT, True, "A2"),
        (Size.M, Temperature.AMBIENT, False, "A3"),
        (Size.L, Temperature.AMBIENT, False, "A5"),
        (Size.M, Temperature.CHILLED, False, "C2"),
        (Size.S, Temperature.FROZEN, False, "F1"),
    ],
)
def test_first_deposit_takes_the_smallest_fitting_door(table, size, temperature, low, compartment):
    table.apply(*leg_entries(size=size, temperature=temperature, low=low))

    visit = table.bank.enter(deposit_pin(10))

    assert visit.current.compartment == compartment


def test_a_door_that_stands_open_takes_no_new_goods(table):
    table.apply(*leg_entries())
    table.driver.force(table.address("A1"))
    table.wait(1)

    visit = table.bank.enter(deposit_pin(10))

    assert visit.current.compartment == "A2"


def test_no_room_opens_nothing(table):
    table.apply(*leg_entries(size=Size.L, temperature=Temperature.FROZEN))

    visit = table.bank.enter(deposit_pin(10))

    assert visit.current.door == "no_room"
    assert table.pulses() == []


def test_declined_deposit_frees_the_door_and_keeps_the_code(table):
    table.apply(*leg_entries())
    visit = table.bank.enter(deposit_pin(10))

    table.bank.deposit(visit.session, "declined")
    table.shut("A1")

    assert table.bank.legs.taken_compartments() == {}
    told = {"reservation": 1, "leg": 71, "shop": 10, "compartment": "A1", "compartments": []}
    assert table.events("deposit.declined") == [told]
    table.confirm_all(table.bank.enter(deposit_pin(10)))
    assert table.bank.legs.find(71).state is State.SEALED


def test_shop_that_walks_away_after_opening_keeps_its_door(table):
    table.apply(*leg_entries())
    table.bank.enter(deposit_pin(10))

    table.wait(130)

    assert table.bank.visit is None
    assert table.bank.legs.taken_compartments() == {"A1": 71}
    assert table.events("deposit.confirmed") == []


@pytest.mark.parametrize("restart", [False, True])
def test_what_a_silent_shop_left_is_not_given_away_by_the_next_one(table, restart):
    """Shop 10 puts its bag in and goes without a word; only its own answer says that nothing is there."""
    table.apply(*leg_entries(shops=(10, 11)))
    table.bank.enter(deposit_pin(10))
    table.wait(130)
    if restart:
        table.restart()

    table.bank.deposit(table.bank.enter(deposit_pin(11)).session, "declined")
    after_the_other = table.bank.legs.taken_compartments()
    table.bank.finish(table.bank.visit.session)
    table.bank.deposit(table.bank.enter(deposit_pin(10)).session, "declined")

    assert after_the_other == {"A1": 71}
    assert table.bank.legs.taken_compartments() == {}


def test_a_silent_shop_finds_its_goods_again_although_the_door_was_left_open(table):
    table.apply(*leg_entries())
    table.bank.enter(deposit_pin(10))
    table.wait(700, step=5)

    again = table.bank.enter(deposit_pin(10))

    assert table.bank.wall.fitness("A1").why == "left_open"
    assert again.current.compartment == "A1"
    assert table.bank.legs.taken_compartments() == {"A1": 71}


def test_a_pulse_that_a_power_cut_hid_may_have_let_goods_in(table):
    table.apply(*leg_entries(shops=(10, 11)))
    table.driver.jammed.add(table.address("A1"))
    table.bank.enter(deposit_pin(10))
    table.restart()
    table.driver.jammed.clear()

    table.bank.deposit(table.bank.enter(deposit_pin(11)).session, "declined")

    assert table.bank.legs.taken_compartments() == {"A1": 71}


def test_deposited_is_not_believed_of_a_door_that_never_opened(table):
    table.driver.jammed.update(table.address(name) for name in ("A1", "A2", "A3", "A4", "A5"))
    table.apply(*leg_entries())
    visit = table.bank.enter(deposit_pin(10))

    with pytest.raises(Refused) as refused:
        table.bank.deposit(visit.session, "deposited")

    assert refused.value.why == "door_not_opened"
    assert table.bank.legs.shops_inside(71) == {}


@pytest.mark.parametrize(("nbf", "exp", "why"), [(HOUR, 2 * HOUR, "not_yet"), (-2 * HOUR, -HOUR, "expired")])
def test_deposit_outside_its_window_opens_nothing(table, nbf, exp, why):
    table.bank.clock.learn(table.ticker.wall())
    now = table.now()
    table.apply(*leg_entries(nbf=now + nbf, exp=now + exp))

    with pytest.raises(Refused) as refused:
        table.bank.enter(deposit_pin(10))

    assert refused.value.why == why
    assert table.pulses() == []
    assert table.bank.throttle.waiting() is None


def test_one_shop_code_opens_the_doors_of_all_its_legs(table):
    table.apply(*leg_entries(), *leg_entries(leg=72, temperature=Temperature.FROZEN))

    visit = table.bank.enter(deposit_pin(10))
    table.confirm_all(visit)

    assert table.pulses() == ["A1", "F1"]
    assert [(data["leg"], data["compartment"]) for data in table.events("deposit.confirmed")] == [
        (71, "A1"),
        (72, "F1"),
    ]


def test_pin_of_two_reservations_is_refused_and_not_counted_as_wrong(table):
    second = entry(Purpose.COLLECT, entry=8000, reservation=2, leg=80)
    table.apply(
        *leg_entries(), entry(Purpose.COLLECT, entry=8001, leg=81, reservation=3, pin_mac=second.pin_mac), second
    )

    with pytest.raises(Refused) as refused:
        table.bank.enter(collect_pin(2))

    assert refused.value.why == "ambiguous"
    assert table.pulses() == []


def test_list_that_is_too_old_needs_the_token_for_a_deposit(table):
    table.apply(*leg_entries(exp=table.now() + 100 * HOUR))
    table.wait(49 * HOUR, step=HOUR)

    with pytest.raises(Refused) as refused:
        table.bank.enter(deposit_pin(10))
    visit = table.bank.enter(deposit_token(exp=table.now() + HOUR))

    assert refused.value.why == "needs_token"
    assert visit.current.compartment == "A1"
