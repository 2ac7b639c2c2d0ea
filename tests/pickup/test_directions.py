"""Where the doors are, in words and drawn."""

import pytest

from pickup import directions
from tests.pickup.makers import make_bank, make_sheet, ready

pytestmark = pytest.mark.django_db


def test_frozen_goods_are_named_last_with_their_place_on_the_wall(db):
    bank = make_bank("M frozen low", "M", "S", "M chilled")
    collection = ready(
        bank.point, (make_sheet(temperature="frozen"), 1), (make_sheet(), 1), (make_sheet(temperature="chilled"), 1)
    )

    doors = directions.doors(collection)

    assert [door.label for door in doors] == ["C2", "C4", "C1"]
    assert doors[0].place == "colonne 1 en partant de la gauche, porte 2 en partant du haut"
    assert doors[2].place == "colonne 1 en partant de la gauche, porte 1 en partant du haut, porte basse"


def test_a_second_wall_counts_on_from_the_first(db):
    bank = make_bank("M", "M", "M")
    bank.compartments.filter(label="C3").update(side=2, column=1, row=1)
    sheet = make_sheet()
    for _ in range(2):
        ready(bank.point, (sheet, 1))

    collection = ready(bank.point, (sheet, 1))

    assert [door.place for door in directions.doors(collection)] == [
        "colonne 2 en partant de la gauche, porte 1 en partant du haut"
    ]


def test_nothing_inside_names_no_door(db):
    bank = make_bank("M", "M")
    collection = ready(bank.point, (make_sheet(), 1))
    collection.legs.update(status="collected")

    assert directions.doors(collection) == []


def test_the_drawing_marks_and_names_only_the_doors_asked_for(db):
    bank = make_bank("S", "M", "L")
    bank.compartments.filter(label="C2").update(label="<b>2")

    svg = directions.drawing(bank, ["<b>2"])

    assert svg.count("<rect") == 3
    assert svg.count('class="marked"') == 1
    assert "&lt;b&gt;2</text>" in svg
    assert "<b>" not in svg
