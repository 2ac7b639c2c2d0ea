"""Zones and their probes as the configuration names them: bands, files, nonsense."""

import pytest

from pickup.controller import config as configuration
from pickup.controller import snapshots
from pickup.controller.probes import FileProbe

from .kit import HOUR, Table, settings

MINUTE = 60
FRIDGE = {"id": "FR", "class": "chilled", "probe": "fridge"}
FREEZER = {"id": "TK", "class": "frozen", "probe": "freezer"}


def zone(table, name):
    """The snapshot's word on one zone."""
    return next(state for state in snapshots.take(table.bank).zones if state.id == name)


def test_bank_without_probes_watches_nothing(tmp_path):
    table = Table(tmp_path)
    table.wait(HOUR, step=30)

    assert snapshots.take(table.bank).zones == ()
    assert table.bank.wall.usable("F1")
    assert table.events("zone.temperature") == []


def test_bands_follow_the_class_and_can_be_set(tmp_path):
    own = {"id": "FR", "class": "chilled", "most_c": 8, "excursion_minutes": 20}
    zones = configuration.read(settings(tmp_path) | {"zones": [own, FREEZER]}).zones

    assert [(plan.probe, plan.least_c, plan.most_c, plan.excursion_seconds) for plan in zones] == [
        ("FR", 0.0, 8.0, 1200.0),
        ("freezer", None, -18.0, 1800.0),
    ]


@pytest.mark.parametrize("zones", [[FRIDGE, FRIDGE], [{"id": "X"}], [{"id": "X", "class": "hot"}]])
def test_zones_that_make_no_sense_are_refused(tmp_path, zones):
    with pytest.raises(configuration.ConfigError):
        configuration.read(settings(tmp_path) | {"zones": zones})


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("-18625\n", -18.625),
        ("85000", None),
        ("-127000", None),
        ("nan", None),
        ("", None),
        ("warm", None),
        ("\xff", None),
    ],
)
def test_probe_that_is_a_file_is_read_only_when_it_can_be_believed(tmp_path, text, degrees):
    file = tmp_path / "temperature"
    file.write_bytes(text.encode("latin-1"))

    assert FileProbe(path=file, scale=0.001).read() == degrees
    assert FileProbe(path=tmp_path / "gone", scale=0.001).read() is None


def test_zone_is_watched_by_a_probe_that_is_a_file(tmp_path):
    file = tmp_path / "temperature"
    file.write_text("-19000")
    probes = {"1-wire": {"file": str(file), "scale": 0.001}}
    table = Table(tmp_path, zones=[FREEZER | {"probe": "1-wire"}], probes=probes)
    table.bank.probes.read()
    table.wait(1)
    read = zone(table, "TK")
    file.unlink()
    table.bank.probes.read()
    table.wait(2 * MINUTE, step=10)

    assert (read.c, read.ok) == (-19.0, True)
    assert (zone(table, "TK").c, zone(table, "TK").ok) == (None, False)
