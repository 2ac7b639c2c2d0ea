"""Where residents of the demonstration collect: two locker banks and three counters."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from marketplace.demo import town
from pickup import capacity
from pickup.models import Bank, Compartment, Point, Zone
from pickup.models.device import Size
from pickup.packing import HEIGHT_CM
from shops.models import Shop

# Whoever tries the town at whatever hour can go the whole way; a real bank begins on the morning of the window.
DEPOSIT_LEAD_HOURS = 96
COLUMN_CM = 180
FLOOR_CM = 20
# What can be reached seated: EN 17210, 40 to 120 cm above the floor.
SEATED_CM = (40, 120)


def open_points() -> None:
    """Every point of the town; what is there already stays as it is."""
    for entry in town.read("town")["points"]:
        point = Point.objects.filter(slug=entry["slug"]).first() or _found(entry)
        if "doors" in entry and not hasattr(point, "bank"):
            _build(point, entry["doors"])


def banks_answer() -> None:
    """Their controllers start right after the town is filled: until then the banks count as heard of just now."""
    Bank.objects.filter(last_seen_at=None).update(last_seen_at=timezone.now())


def _found(entry: dict) -> Point:
    market = town.read("town")["market"]
    latitude, longitude = entry["position"]
    host = entry.get("host_shop")
    return Point.objects.create(
        kind=entry["kind"],
        name=entry["name"],
        slug=entry["slug"],
        street=entry["street"],
        postcode=market["postcode"],
        town=market["town"],
        latitude=Decimal(str(latitude)),
        longitude=Decimal(str(longitude)),
        opening_hours=entry["hours"],
        phone=entry.get("phone", ""),
        access=entry.get("access", ""),
        parking=entry.get("parking", ""),
        accessibility=entry.get("accessibility", ""),
        step_free=entry.get("step_free", True),
        host_shop=Shop.objects.get(slug=host) if host else None,
    )


@transaction.atomic
def _build(point: Point, doors: dict[str, dict[str, int]]) -> None:
    """A bank whose zones stand side by side; in each column the large doors are below."""
    number = Bank.objects.count() + 1
    bank = Bank.objects.create(point=point, code=f"valmont-{number}", deposit_lead_hours=DEPOSIT_LEAD_HOURS)
    column = address = 0
    for temperature, sizes in doors.items():
        zone = Zone.objects.create(bank=bank, temperature=temperature)
        for stack in _columns(sizes):
            column += 1
            for row, (size, is_low) in enumerate(stack, start=1):
                address += 1
                Compartment.objects.create(
                    bank=bank,
                    zone=zone,
                    label=f"{chr(64 + column)}{row}",
                    column=column,
                    row=row,
                    size=size,
                    is_low=is_low,
                    address=address,
                    door=Compartment.Door.CLOSED,
                )
    capacity.recount(bank)


def _columns(sizes: dict[str, int]) -> list[list[tuple[str, bool]]]:
    """The doors in columns no higher than a person reaches, from the top: (size, reachable seated)."""
    height = sum(HEIGHT_CM[Size(size)] * count for size, count in sizes.items())
    columns: list[list[str]] = [[] for _column in range(max(1, -(-height // COLUMN_CM)))]
    dealt = [Size(size) for size in ("L", "M", "S") for _door in range(sizes[size])]
    for size in dealt:
        min(columns, key=lambda stack: sum(HEIGHT_CM[door] for door in stack)).append(size)
    return [_seen_from_top(stack) for stack in columns]


def _seen_from_top(stack: list[str]) -> list[tuple[str, bool]]:
    """`stack` is written from the floor up."""
    doors, bottom = [], FLOOR_CM
    for size in stack:
        middle = bottom + HEIGHT_CM[size] / 2
        doors.append((size, SEATED_CM[0] <= middle <= SEATED_CM[1]))
        bottom += HEIGHT_CM[size]
    return doors[::-1]
