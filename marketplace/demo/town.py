"""The town's data files, read as they are written: TOML for shops, places, pages and orders, one CSV of goods per shop."""

import csv
import tomllib
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOWN, PHOTOS, CATALOGUES = HERE / "town", HERE / "photos", HERE / "catalogues"

# The one password of all people of the demonstration; printed at the start and in the README.
PASSWORD = "halles-demo"  # noqa: S105  public on purpose: it opens invented accounts on a demonstration only


@cache
def read(name: str) -> dict:
    """The TOML file `name` of the town."""
    return tomllib.loads((TOWN / f"{name}.toml").read_text(encoding="utf-8"))


def shops() -> list[dict]:
    """The shops in the order of the file."""
    return read("shops")["shops"]


def goods(slug: str) -> list[dict[str, str]]:
    """The rows of a shop's CSV file."""
    with (TOWN / "products" / f"{slug}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))
