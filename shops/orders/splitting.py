"""One Oscar order becomes one shop order per shop, each with a snapshot of its lines and its time to answer."""

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from shops import hours
from shops.models import ShopOrder, ShopOrderLine

DEPOSIT_MARGIN = timedelta(minutes=60)  # between a late answer and the deposit, the goods must still be put together
SHORTEST_ANSWER = timedelta(minutes=15)  # nobody's goods are refused before somebody could look


def split(order, *, deposit_by: datetime) -> list[ShopOrder]:
    """Write one shop order per shop of the Oscar `order`, each with a snapshot of its lines; they wait for the payment.

    `deposit_by`: the moment at which the goods must be at the collection point. Totals are what the resident pays, after
    vouchers; unit prices are those of the shelf.
    """
    now = timezone.now()
    by_shop = defaultdict(list)
    lines = order.lines.select_related("stockrecord__sheet__shop").prefetch_related(
        "stockrecord__sheet__shop__closures"
    )
    for line in lines.order_by("pk"):
        by_shop[line.stockrecord.sheet.shop].append(line)
    shop_orders = ShopOrder.objects.bulk_create(
        ShopOrder(
            order=order,
            shop=shop,
            number=f"{order.number}-{position}",
            ordered_total=sum((line.line_price_incl_tax for line in by_shop[shop]), Decimal("0.00")),
            commission_bps=shop.commission_bps,
            answer_by=answer_deadline(shop, now, deposit_by),
            deposit_by=deposit_by,
        )
        for position, shop in enumerate(sorted(by_shop, key=lambda shop: shop.pk), start=1)
    )
    ShopOrderLine.objects.bulk_create(
        _snapshot(shop_order, line) for shop_order in shop_orders for line in by_shop[shop_order.shop]
    )
    return shop_orders


def _snapshot(shop_order: ShopOrder, line) -> ShopOrderLine:
    sheet = line.stockrecord.sheet
    return ShopOrderLine(
        shop_order=shop_order,
        line=line,
        sheet=sheet,
        title=line.title,
        quantity=line.quantity,
        unit_price=line.unit_price_incl_tax,
        price_per_kg=sheet.price_per_kg if sheet.by_weight else None,
        expected_g=sheet.expected_g if sheet.by_weight else None,
        vat_rate=sheet.vat_rate,
        temperature=sheet.temperature,
        volume_l=sheet.volume_l,
        keeps=sheet.keeps,
    )


def answer_deadline(shop, now: datetime, deposit_by: datetime) -> datetime:
    """When silence becomes a refusal: the shop's time to answer in minutes of opening, an hour before the deposit at most.

    Never sooner than 15 minutes from `now`.
    """
    latest = deposit_by - DEPOSIT_MARGIN
    by_opening = hours.add_open_minutes(shop, now, shop.answer_minutes)
    return max(min(by_opening or latest, latest), now + SHORTEST_ANSWER)
