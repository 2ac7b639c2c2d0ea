"""What the shops of an order hear. Of an order that they never saw, nothing."""

from django.conf import settings
from django.dispatch import receiver
from django.urls import reverse
from django.utils import translation

from marketplace.foundation import messages
from marketplace.foundation.nudges import nudge
from marketplace.foundation.tasks import send_messages
from pickup import collections
from pickup.models import Collection, Problem
from pickup.signals import collection_moved, collection_redirected, problem_reported
from shops import orders, signals
from shops.models import ShopOrder

Status = ShopOrder.Status


def _tell(kind: str, shop_order: ShopOrder, *, key: str, **context) -> None:
    """Owe the shop a message with the way to its order."""
    shop = shop_order.shop
    with translation.override(settings.LANGUAGE_CODE):
        link = f"{settings.SITE_URL}{reverse('desk:order', args=[shop.slug, shop_order.pk])}"
    collection = Collection.objects.select_related("point").filter(order=shop_order.order_id).first()
    context = {"shop_order": shop_order, "point": collection and collection.point, "link": link, **context}
    if messages.owe(kind, key=key, to=shop.email, language=settings.LANGUAGE_CODE, context=context):
        nudge(send_messages)


@receiver(collection_moved, dispatch_uid="checkout.shops.collection_moved")
def tell_of_order(collection, previous, **kwargs):
    """A paid order waits for the shops' answers."""
    if collection.status == Collection.Status.CONFIRMED:
        for shop_order in collection.order.shop_orders.select_related("shop").prefetch_related("lines"):
            _tell("shop_new_order", shop_order, key=f"shop_new_order:{shop_order.pk}")


@receiver(collection_redirected, dispatch_uid="checkout.shops.collection_redirected")
def tell_of_other_place(collection, before, **kwargs):
    """Not to the locker: the goods are expected at a counter. Shops that have not heard of the order yet read it there."""
    if collection.status == Collection.Status.CONFIRMED:
        for shop_order in collection.order.shop_orders.exclude(status__in=ShopOrder.ENDED).select_related("shop"):
            _tell("shop_redirected", shop_order, key=f"shop_redirected:{shop_order.pk}", before=before)


@receiver(problem_reported, dispatch_uid="checkout.shops.problem_reported")
def tell_of_problem(problem, **kwargs):
    """A resident has found goods missing, wrong or damaged that may be the shop's."""
    if problem.kind in (*Problem.GOODS_MISSING, Problem.Kind.DAMAGED):
        for shop_order in collections.shops_concerned(problem):
            _tell("problem_shop", shop_order, key=f"problem_shop:{problem.pk}:{shop_order.pk}", problem=problem)


@receiver(signals.shop_order_moved, dispatch_uid="checkout.shops.shop_order_moved")
def tell_of_cancellation(shop_order, previous, reason="", **kwargs):
    """The order is gone before the shop could do its part, or because it did not answer."""
    ended = shop_order.status == Status.CANCELLED or (
        shop_order.status == Status.REFUSED and reason == orders.NO_ANSWER
    )
    if ended and shop_order.paid_at is not None:
        _tell("shop_cancelled", shop_order, key=f"shop_cancelled:{shop_order.pk}", silent=reason == orders.NO_ANSWER)


@receiver(signals.goods_missing, dispatch_uid="checkout.shops.goods_missing")
def tell_of_missing(shop_order, lines, refund, reason, **kwargs):
    """The shop did not bring its goods: it must not any more. One that has said so itself knows."""
    if reason:
        return
    key = f"shop_missing:{shop_order.pk}:{lines[0].temperature}"
    _tell("shop_missing", shop_order, key=key, lines=lines, refund=refund)


@receiver(signals.goods_ruined, dispatch_uid="checkout.shops.goods_ruined")
def tell_of_ruined(shop_order, lines, place, **kwargs):
    """The shop's food got too warm in the locker: it is paid, and nobody eats it."""
    key = f"shop_ruined:{shop_order.pk}:{lines[0].temperature}"
    _tell("shop_ruined", shop_order, key=key, lines=lines, place=place)


@receiver(signals.goods_lost, dispatch_uid="checkout.shops.goods_lost")
def tell_of_lost(shop_order, lines, place, **kwargs):
    """The shop's goods are gone from the locker: it is paid."""
    key = f"shop_lost:{shop_order.pk}:{lines[0].temperature}"
    _tell("shop_lost", shop_order, key=key, lines=lines, place=place)


@receiver(signals.goods_late, dispatch_uid="checkout.shops.goods_late")
def tell_of_late(shop_order, place, **kwargs):
    """The shop brought them after their refund."""
    _tell("shop_late", shop_order, key=f"shop_late:{shop_order.pk}:{place}", place=place)


@receiver(signals.goods_not_collected, dispatch_uid="checkout.shops.goods_not_collected")
def tell_of_no_show(shop_order, returned, spoiled, refund, **kwargs):
    """Nobody came: what to fetch back, what is paid all the same."""
    key = f"shop_not_collected:{shop_order.pk}"
    _tell("shop_not_collected", shop_order, key=key, returned=returned, spoiled=spoiled)


@receiver(signals.payment_disputed, dispatch_uid="checkout.shops.payment_disputed")
def tell_of_dispute(payment, state, **kwargs):
    """The bank of the resident takes the money back, or has decided."""
    for transfer in payment.transfers.select_related("shop_order__shop"):
        key = f"shop_disputed:{transfer.pk}:{state}"
        _tell("shop_disputed", transfer.shop_order, key=key, state=state)
