"""What the resident of an order hears, in the language in which it was placed."""

from functools import partial

from django.conf import settings
from django.dispatch import receiver
from django.utils import translation

from marketplace.checkout.models import OrderDetails
from marketplace.foundation import messages
from marketplace.foundation.nudges import nudge
from marketplace.foundation.tasks import send_messages
from pickup import codes, collections
from pickup.models import Collection, Extension, Leg, Parcel
from pickup.signals import (
    collection_ending,
    collection_extended,
    collection_moved,
    collection_redirected,
    part_at_counter,
    problem_answered,
    problem_reported,
    share_used_after_withdrawal,
)
from shops import signals
from shops.models import Payment, Refund, ShopOrder
from shops.opening import week

Status = Collection.Status
NOTHING_COMES = [ShopOrder.Status.REFUSED, ShopOrder.Status.CANCELLED, ShopOrder.Status.MISSING]
WAITING_MESSAGE = {Status.READY: "ready", Status.PARTIAL_READY: "ready", Status.AT_COUNTER: "at_counter"}


def _tell(kind: str, order, *, key: str, **context) -> None:
    """Owe the resident of `order` a message in the language of the order."""
    details = OrderDetails.objects.filter(order=order).first()
    if details is None:
        return
    with translation.override(details.language):
        link = f"{settings.SITE_URL}{details.get_absolute_url()}"
    collection = Collection.objects.select_related("point", "code_bank").filter(order=order).first()
    context = {
        "order": order,
        "details": details,
        "link": link,
        "collection": collection,
        "point": collection and collection.point,
        **context,
    }
    if messages.owe(kind, key=key, to=details.email, language=details.language, context=context):
        nudge(send_messages)


def _waiting_context(collection: Collection) -> dict:
    legs = collection.legs.select_related("compartment").prefetch_related("more_doors__compartment")
    return {
        "pin": codes.grouped(codes.collect_pin(collection)),
        "compartments": [door.label for leg in legs.filter(status__in=Leg.INSIDE) for door in leg.doors],
        "at_counter": _goods(collection, Leg.Status.AT_COUNTER),
        "gone": _goods(collection, Leg.Status.COLLECTED),
        "missing": collections.shops_that_did_not_come(collection),
        "hours": partial(week, collection.point),  # in the language of the mail, so only there
    }


def _goods(collection: Collection, *statuses: str) -> list[Parcel]:
    """What was deposited of the legs in these states, shop by shop."""
    there = Parcel.objects.filter(
        leg__collection=collection, leg__status__in=statuses, status=Parcel.Status.DEPOSITED
    ).select_related("shop_order__shop", "leg")
    return list(there.order_by("leg", "shop_order__shop__name"))


def _last_call_context(collection: Collection) -> dict:
    """What the resident can still do: until when the door opens, and which food it does not give out any more."""
    food = collection.legs.filter(status__in=Leg.INSIDE, keeps_until__isnull=False)
    shop_orders = ShopOrder.objects.filter(parcels__leg__in=food).select_related("shop").distinct()
    return _waiting_context(collection) | {"food_of": [each.shop for each in shop_orders]}


@receiver(collection_moved, dispatch_uid="checkout.residents.collection_moved")
def tell_of_collection(collection, previous, **kwargs):
    """Confirmed, ready, moved to a counter, collected: one message each."""
    order = collection.order
    if collection.status == Status.CONFIRMED:
        shop_orders = order.shop_orders.select_related("shop").prefetch_related("lines")
        _tell("order_paid", order, key=f"order_paid:{order.pk}", shop_orders=shop_orders)
    elif collection.status in WAITING_MESSAGE and previous != Status.DISPUTED:
        kind = WAITING_MESSAGE[collection.status]
        _tell(kind, order, key=f"{kind}:{collection.pk}", **_waiting_context(collection))
    elif collection.status == Status.OVERDUE:
        key = f"last_call:{collection.pk}:{collection.ends_at.timestamp():.0f}"
        _tell("last_call", order, key=key, **_last_call_context(collection))
    elif collection.status == Status.COLLECTED:
        _tell("collected", order, key=f"collected:{collection.pk}")


@receiver(part_at_counter, dispatch_uid="checkout.residents.part_at_counter")
def tell_of_part(collection, leg, **kwargs):
    """A part was taken to a counter: which goods are there, and which are still behind which door."""
    _tell(
        "part_at_counter",
        collection.order,
        key=f"part_at_counter:{leg.pk}",
        counter=leg.counter,
        inside=_goods(collection, *Leg.INSIDE),
        **_waiting_context(collection) | {"hours": partial(week, leg.counter)},
    )


@receiver(collection_ending, dispatch_uid="checkout.residents.collection_ending")
def remind(collection, **kwargs):
    """It waits, and its time is nearly over."""
    key = f"reminder:{collection.pk}:{collection.ends_at.timestamp():.0f}"
    _tell("reminder", collection.order, key=key, **_waiting_context(collection))


@receiver(collection_extended, dispatch_uid="checkout.residents.collection_extended")
def tell_of_more_time(collection, extension, **kwargs):
    """The end is later: on request, or because the bank was out of order."""
    _tell(
        "extended",
        collection.order,
        key=f"extended:{extension.pk}",
        extension=extension,
        outage=extension.reason == Extension.Reason.OUTAGE,
        pin=codes.grouped(codes.collect_pin(collection)) if collection.is_waiting else "",
    )


@receiver(collection_redirected, dispatch_uid="checkout.residents.collection_redirected")
def tell_of_other_place(collection, before, **kwargs):
    """The locker cannot take the goods: where and when they wait instead."""
    key = f"redirected:{collection.pk}"
    _tell("redirected", collection.order, key=key, before=before, hours=partial(week, collection.point))


@receiver(share_used_after_withdrawal, dispatch_uid="checkout.residents.share_used_after_withdrawal")
def tell_of_late_share(share, **kwargs):
    """A bank opened for a person from whom the resident had taken the code back."""
    _tell("share_opened", share.collection.order, key=f"share_opened:{share.pk}", share=share)


@receiver(problem_reported, dispatch_uid="checkout.residents.problem_reported")
def tell_of_promise(problem, **kwargs):
    """By when a person answers."""
    _tell("problem_noted", problem.collection.order, key=f"problem_noted:{problem.pk}", problem=problem)


@receiver(problem_answered, dispatch_uid="checkout.residents.problem_answered")
def tell_of_answer(problem, **kwargs):
    """What a person found out."""
    _tell("problem_answered", problem.collection.order, key=f"problem_answered:{problem.pk}", problem=problem)


@receiver(signals.shop_order_moved, dispatch_uid="checkout.residents.shop_order_moved")
def tell_of_refusal(shop_order, previous, **kwargs):
    """A shop cannot supply a line: what is missing, that it is not debited, and what is offered instead."""
    if previous != ShopOrder.Status.AWAITING or shop_order.status not in (
        ShopOrder.Status.PARTLY,
        ShopOrder.Status.REFUSED,
    ):
        return
    every = list(shop_order.lines.select_related("replaces"))
    lines = [line for line in every if line.refused_quantity]
    offered = [line for line in every if line.is_offered]
    rest = shop_order.order.shop_orders.exclude(status__in=NOTHING_COMES).exists()
    _tell(
        "replacement_offered" if offered else "line_refused",
        shop_order.order,
        key=f"line_refused:{shop_order.pk}",
        shop_order=shop_order,
        lines=lines,
        offered=offered,
        rest=rest,
    )


@receiver(signals.replacement_chosen, dispatch_uid="checkout.residents.replacement_chosen")
def tell_of_silence(line, silent, **kwargs):
    """Nobody answered in time: what was offered is not given. An answer the resident has seen on the page."""
    if silent:
        order = line.shop_order.order
        _tell("replacement_over", order, key=f"replacement_over:{line.pk}", line=line, shop=line.shop_order.shop)


@receiver(signals.order_cancelled, dispatch_uid="checkout.residents.order_cancelled")
def tell_of_cancellation(order, reason, **kwargs):
    """A paid order ended; of one that was never paid nobody is told, for nobody was told of it.

    When the goods never came, each shop's part has been told with its refund.
    """
    if reason != "missing" and order.shop_orders.paid().exists():
        _tell("cancelled", order, key=f"cancelled:{order.pk}", lost=reason in Payment.ENDED)


@receiver(signals.goods_missing, dispatch_uid="checkout.residents.goods_missing")
def tell_of_missing(shop_order, lines, refund, reason, **kwargs):
    """A shop did not bring its goods, or says beforehand why it cannot: which, and what comes back."""
    rest = shop_order.order.shop_orders.exclude(status__in=NOTHING_COMES).exists()
    key = _key_of(refund) or f"goods_missing:{shop_order.pk}:{lines[0].temperature}"
    context = {"shop_order": shop_order, "lines": lines, "refund": refund, "rest": rest, "reason": reason}
    _tell("goods_missing", shop_order.order, key=key, **context)


@receiver(signals.goods_ruined, dispatch_uid="checkout.residents.goods_ruined")
def tell_of_ruined(shop_order, lines, refund, place, **kwargs):
    """Food got too warm in the locker: which, and what comes back."""
    key = _key_of(refund) or f"goods_ruined:{shop_order.pk}:{lines[0].temperature}"
    _tell("goods_ruined", shop_order.order, key=key, shop_order=shop_order, lines=lines, refund=refund, place=place)


@receiver(signals.goods_lost, dispatch_uid="checkout.residents.goods_lost")
def tell_of_lost(shop_order, lines, refund, place, **kwargs):
    """Goods are gone from the locker: which, and what comes back."""
    key = _key_of(refund) or f"goods_lost:{shop_order.pk}:{lines[0].temperature}"
    _tell("goods_lost", shop_order.order, key=key, shop_order=shop_order, lines=lines, refund=refund, place=place)


@receiver(signals.goods_not_collected, dispatch_uid="checkout.residents.goods_not_collected")
def tell_of_no_show(shop_order, returned, spoiled, refund, **kwargs):
    """Nobody came for the goods: what comes back as money, what does not and why."""
    _tell(
        "not_collected",
        shop_order.order,
        key=_key_of(refund) or f"not_collected:{shop_order.pk}",
        shop_order=shop_order,
        returned=returned,
        spoiled=spoiled,
        refund=refund,
    )


@receiver(signals.refund_done, dispatch_uid="checkout.residents.refund_done")
def tell_of_refund(refund, **kwargs):
    """Money is on its way back. Of a refund that followed from lost goods the resident was told with them, and of a dispute
    his bank tells."""
    if not refund.is_of_dispute:
        _tell("refunded", refund.payment.order, key=_key_of(refund), refund=refund)


def _key_of(refund: Refund | None) -> str:
    """One refund is told once, by the fact that caused it or when it is done."""
    return f"refunded:{refund.pk}" if refund else ""
