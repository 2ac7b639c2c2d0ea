"""Who hears of what. Each message is written inside the transaction of its fact, under a key that makes it unique."""

from django.conf import settings
from django.dispatch import receiver
from django.urls import reverse
from django.utils import translation

from marketplace.checkout.models import OrderDetails
from marketplace.foundation import messages
from marketplace.foundation.nudges import nudge
from marketplace.foundation.tasks import send_messages
from pickup import codes
from pickup.models import Collection, Leg
from pickup.signals import collection_ending, collection_moved
from shops import signals
from shops.models import ShopOrder

Status = Collection.Status
WAITING_MESSAGE = {Status.READY: "ready", Status.PARTIAL_READY: "ready", Status.AT_COUNTER: "at_counter"}


def _tell_resident(kind: str, order, *, key: str, **context) -> None:
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
    legs = collection.legs.select_related("compartment").filter(status__in=Leg.INSIDE)
    return {
        "pin": codes.grouped(codes.collect_pin(collection)),
        "compartments": [leg.compartment.label for leg in legs if leg.compartment],
        "partial": collection.status == Status.PARTIAL_READY,
    }


@receiver(collection_moved, dispatch_uid="checkout.collection_moved")
def tell_of_collection(collection, previous, **kwargs):
    """Confirmed, ready, moved to a counter, collected: one message each."""
    order = collection.order
    if collection.status == Status.CONFIRMED:
        shop_orders = list(order.shop_orders.select_related("shop").prefetch_related("lines"))
        _tell_resident("order_paid", order, key=f"order_paid:{order.pk}", shop_orders=shop_orders)
        for shop_order in shop_orders:
            _tell_shop(shop_order, collection)
    elif collection.status in WAITING_MESSAGE:
        kind = WAITING_MESSAGE[collection.status]
        _tell_resident(kind, order, key=f"{kind}:{collection.pk}", **_waiting_context(collection))
    elif collection.status == Status.COLLECTED:
        _tell_resident("collected", order, key=f"collected:{collection.pk}")


@receiver(collection_ending, dispatch_uid="checkout.collection_ending")
def remind(collection, **kwargs):
    """It waits, and its time is nearly over."""
    _tell_resident("reminder", collection.order, key=f"reminder:{collection.pk}", **_waiting_context(collection))


@receiver(signals.shop_order_moved, dispatch_uid="checkout.shop_order_moved")
def tell_of_refusal(shop_order, previous, **kwargs):
    """A shop cannot supply a line: what is missing and that it is not debited."""
    if previous != ShopOrder.Status.AWAITING or shop_order.status not in (
        ShopOrder.Status.PARTLY,
        ShopOrder.Status.REFUSED,
    ):
        return
    lines = [line for line in shop_order.lines.all() if line.refused_quantity]
    rest = shop_order.order.shop_orders.exclude(
        status__in=[ShopOrder.Status.REFUSED, ShopOrder.Status.CANCELLED]
    ).exists()
    _tell_resident(
        "line_refused",
        shop_order.order,
        key=f"line_refused:{shop_order.pk}",
        shop_order=shop_order,
        lines=lines,
        rest=rest,
    )


@receiver(signals.order_cancelled, dispatch_uid="checkout.order_cancelled")
def tell_of_cancellation(order, **kwargs):
    """A paid order ended; of one that was never paid nobody is told, for nobody was told of it."""
    if order.shop_orders.paid().exists():
        _tell_resident("cancelled", order, key=f"cancelled:{order.pk}")


@receiver(signals.refund_done, dispatch_uid="checkout.refund_done")
def tell_of_refund(refund, **kwargs):
    """Money is on its way back."""
    _tell_resident("refunded", refund.payment.order, key=f"refunded:{refund.pk}", refund=refund)


def _tell_shop(shop_order: ShopOrder, collection: Collection) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        link = f"{settings.SITE_URL}{reverse('desk:board', args=[shop_order.shop.slug])}"
    context = {"shop_order": shop_order, "point": collection.point, "link": link}
    messages.owe(
        "shop_new_order",
        key=f"shop_new_order:{shop_order.pk}",
        to=shop_order.shop.email,
        language=settings.LANGUAGE_CODE,
        context=context,
    )
