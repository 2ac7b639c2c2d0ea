"""A shop's own Stripe account: opened by us, completed by the shopkeeper on Stripe's pages, payable or not."""

from django.db import transaction

from shops.models import Operation, Shop
from shops.payments import errors, gateway, operations, standings, transfers


def start(shop: Shop, *, return_url: str, refresh_url: str) -> str:
    """The address of Stripe's onboarding pages for `shop`; opens the account when there is none yet.

    `refresh_url` must require login: it makes a new link when this single-use one is spent.
    Raises `PaymentUnavailable` when Stripe gives no answer; trying again is safe. Not inside a transaction.
    """
    if not shop.stripe_account:
        open_account(shop)
    try:
        return gateway.account_link(shop, return_url=return_url, refresh_url=refresh_url)
    except errors.GatewayError as error:
        raise errors.PaymentUnavailable from error


def open_account(shop: Shop) -> None:
    """Open the shop's account if it has none; raises `PaymentUnavailable` when that did not work (yet)."""
    with transaction.atomic():
        Shop.objects.select_for_update().get(pk=shop.pk)
        owed = shop.operations.filter(kind=Operation.Kind.ACCOUNT, status=Operation.Status.DUE).first()
        operation = owed or operations.owe(Operation.Kind.ACCOUNT, shop=shop)
    operations.perform(operation)
    shop.refresh_from_db()
    if not shop.stripe_account:
        raise errors.PaymentUnavailable


def refresh(shop: Shop) -> bool:
    """Ask Stripe whether the shop can be paid and write it down; blocked transfers leave when it can. Returns the answer.

    Raises a `GatewayError` when Stripe gives no answer; nothing has changed then.
    """
    if not shop.stripe_account:
        return False
    payability = gateway.payability(shop.stripe_account)
    active = payability.active and payability.livemode == standings.moves_real_money()
    Shop.objects.filter(pk=shop.pk).update(transfers_active=active)
    shop.transfers_active = active
    if active:
        transfers.retry_blocked(shop)
    return active


class OpenAccount(operations.Step):
    """Create the recipient account."""

    def call(self, operation):
        return gateway.create_account(operation.shop, operation)

    def done(self, operation, result):
        Shop.objects.filter(pk=operation.shop_id, stripe_account="").update(stripe_account=result)
