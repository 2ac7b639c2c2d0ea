"""Orders of the demonstration: what the residents and shops of `town/orders.toml` did, by the functions of real life."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.utils import timezone
from oscar.core.loading import get_model

from marketplace.checkout.placing import Contact, goods_of, place
from marketplace.demo import town
from pickup import codes, collections, windows
from pickup.models import Collection, Compartment, Leg, Parcel, Point, Problem
from pickup.models.device import Size
from shops import orders
from shops.models import ProductSheet, Refund, ShopOrder, ShopStaff
from shops.payments import charges, refunds, sweep
from shops.payments.fake import checkout
from shops.payments.fake.models import Session
from shops.pricing import Selector

Basket = get_model("basket", "Basket")
Order = get_model("order", "Order")


class NoOffer(Exception):
    """No point of the town can take the goods of an order: the data of the town is wrong."""


def tell() -> int:
    """Live through every order of the file; the number placed. Nothing when there are orders already."""
    if Order.objects.exists():
        return 0
    entries = town.read("orders")["orders"]
    for entry in entries:
        order = _place(entry)
        for step in entry["steps"]:
            STEPS[step](order)
            sweep.work()
    return len(entries)


def _place(entry: dict):
    user = get_user_model().objects.filter(email=entry["resident"]["email"]).first()
    basket = Basket.objects.create(owner=user)
    basket.strategy = Selector().strategy(user=user)
    for path, quantity in entry["goods"].items():
        shop, reference = path.split("/")
        sheet = ProductSheet.objects.with_all().get(shop__slug=shop, reference=reference)
        basket.add_product(sheet.product, quantity)
    return place(
        basket,
        contact=Contact(**entry["resident"]),
        window=_window(basket, entry["point"]),
        language="fr",
        shown_total=basket.total_incl_tax,
        old_enough_for=18,
        user=user,
    )


def _window(basket, slug: str) -> windows.Window:
    """The first window at the wanted point; where that has none (a holiday, say), at any point."""
    offers = [offer for offer in windows.offers(goods_of(basket), now=timezone.now()) if offer.windows]
    wanted = [offer for offer in offers if offer.point.slug == slug] or offers
    if not wanted:
        raise NoOffer(f"Nowhere to collect what was meant for {slug}.")
    return wanted[0].windows[0]


def _open_page(order) -> None:
    charges.start(order.payments.get())


def _pay(order) -> None:
    _open_page(order)
    payment = order.payments.get()
    checkout.pay(Session.objects.get(pk=payment.session_id))
    charges.sync(payment)


def _never_pay(order) -> None:
    _open_page(order)
    sweep.abandon_unpaid(now=timezone.now() + timedelta(hours=1))


def _accept(order) -> None:
    for shop_order in order.shop_orders.all():
        _accept_and_weigh(shop_order)


def _accept_in_part(order) -> None:
    """The first shop lacks one piece of its first line."""
    first, *others = order.shop_orders.order_by("pk")
    accepted = dict(first.lines.values_list("pk", "quantity"))
    lacking = min(accepted)
    accepted[lacking] -= 1
    orders.answer(first, accepted=accepted, reasons={lacking: "Il n'en reste plus."}, by=_owner(first))
    for shop_order in others:
        _accept_and_weigh(shop_order)


def _accept_and_weigh(shop_order: ShopOrder) -> None:
    """Everything is given; goods sold by weight are a little heavier than usual."""
    lines = list(shop_order.lines.all())
    orders.answer(
        shop_order,
        accepted={line.pk: line.quantity for line in lines},
        grams={line.pk: line.expected_total_g * 26 // 25 for line in lines if line.by_weight},
        by=_owner(shop_order),
    )


def _refuse(order) -> None:
    for shop_order in order.shop_orders.all():
        orders.refuse_all(shop_order, reason="Article abîmé, désolé.", by=_owner(shop_order))


def _cancel(order) -> None:
    orders.cancel(order, reason="cancelled by the resident")


def _supplying(order) -> list[ShopOrder]:
    return list(order.shop_orders.exclude(status__in=ShopOrder.ENDED).order_by("pk"))


def _ready(order) -> None:
    for shop_order in _supplying(order):
        orders.mark_ready(shop_order, bags=1, by=_owner(shop_order))


def _deposit(order) -> None:
    for shop_order in _supplying(order):
        collections.deposit_at_counter(shop_order, by=_owner(shop_order))


def _deposit_first(order) -> None:
    first = _supplying(order)[0]
    collections.deposit_at_counter(first, by=_owner(first))


def _put_into_lockers(order) -> None:
    """As if each shop had typed its code at the bank two hours ago."""
    for parcel in Parcel.objects.filter(leg__collection__order=order, status=Parcel.Status.EXPECTED).order_by("pk"):
        _put_into_locker(parcel)


def _put_first_into_locker(order) -> None:
    first = _supplying(order)[0]
    for parcel in first.parcels.filter(status=Parcel.Status.EXPECTED):
        _put_into_locker(parcel)


def _put_into_locker(parcel: Parcel) -> None:
    leg = Leg.objects.select_related("compartment", "collection__point__bank").get(pk=parcel.leg_id)
    compartment = leg.compartment or _smallest_free(leg)
    collections.deposit(parcel, compartment=compartment, at=timezone.now() - timedelta(hours=2))


def _smallest_free(leg: Leg) -> Compartment:
    bank = leg.collection.point.bank
    free = bank.compartments.filter(zone__temperature=leg.temperature, contents=Compartment.Contents.EMPTY)
    sizes = list(Size)
    fitting = [each for each in free if sizes.index(each.size) >= sizes.index(leg.size)]
    return min(fitting, key=lambda each: (sizes.index(each.size), each.is_low, each.column, each.row))


def _collect(order) -> None:
    collection = Collection.objects.get(order=order)
    collections.hand_over(collection.point, codes.collect_pin(collection), by=_counter_staff(collection.point))


def _miss_the_window(order) -> None:
    collection = Collection.objects.get(order=order)
    collections.expire_due(now=collection.ends_at + timedelta(minutes=1))


def _wait_in_vain(order) -> None:
    collection = Collection.objects.get(order=order)
    collections.expire_due(now=collection.ends_at + timedelta(days=4))


def _refund_one_piece(order) -> None:
    first = order.shop_orders.order_by("pk").first()
    line = first.lines.order_by("pk").first()
    refunds.refund(first, lines={line.pk: 1}, reason=Refund.Reason.QUALITY, by=_owner(first))


def _find_something_broken(order) -> None:
    _report(order, Problem.Kind.DAMAGED, "Une bouteille est arrivée fêlée, le reste va bien.")


def _find_the_door_shut(order) -> None:
    _report(order, Problem.Kind.DOOR_DID_NOT_OPEN, "Le code est accepté, mais la porte reste fermée.")


def _report(order, kind: str, note: str) -> None:
    collection = Collection.objects.get(order=order)
    collections.report_problem(collection, kind=kind, leg=collection.legs.first(), note=note)


STEPS: dict[str, Callable] = {
    "open the payment page": _open_page,
    "pay": _pay,
    "never pay": _never_pay,
    "accept": _accept,
    "accept all but one piece": _accept_in_part,
    "refuse": _refuse,
    "change one's mind": _cancel,
    "ready": _ready,
    "deposit": _deposit,
    "deposit the first shop's goods": _deposit_first,
    "put into the lockers": _put_into_lockers,
    "put the first shop's goods into a locker": _put_first_into_locker,
    "collect": _collect,
    "miss the window": _miss_the_window,
    "wait three days in vain": _wait_in_vain,
    "refund one piece": _refund_one_piece,
    "find something broken": _find_something_broken,
    "find the door shut": _find_the_door_shut,
}


def _owner(shop_order: ShopOrder):
    return ShopStaff.objects.filter(shop=shop_order.shop, role=ShopStaff.Role.OWNER).first().user


def _counter_staff(point: Point):
    host = ShopStaff.objects.filter(shop=point.host_shop).first() if point.host_shop else None
    return host.user if host else get_user_model().objects.filter(is_superuser=True).first()
