"""Money that leaves and comes back: refunds, disputes, transfers, reversals, and all movements of the platform's balance."""

from datetime import datetime

from shops.payments.answers import Dispute, Made, Movement
from shops.payments.gateway.connection import CURRENCY, client, metadata_of, options, translated


def _made(thing) -> Made:
    metadata = getattr(thing, "metadata", None)
    return Made(
        id=thing.id,
        amount=thing.amount,
        status=getattr(thing, "status", None) or "",
        op_id=metadata["op_id"] if metadata is not None and "op_id" in metadata else "",
    )


def refund(payment, operation) -> Made:
    """Send `operation.amount` cents back to the resident's card."""
    parameters = {
        "payment_intent": payment.intent_id,
        "amount": operation.amount,
        "metadata": metadata_of(operation, order=payment.order.number),
    }
    with translated():
        return _made(client().v1.refunds.create(parameters, options=options(operation)))


def refunds_of(payment) -> list[Made]:
    """Every refund of the payment, whoever made it."""
    with translated():
        found = client().v1.refunds.list({"payment_intent": payment.intent_id, "limit": 100})
        return [_made(each) for each in found.auto_paging_iter()]


def dispute(dispute_id: str) -> Dispute:
    """Read one dispute of the resident's bank."""
    with translated():
        found = client().v1.disputes.retrieve(dispute_id)
    fee = sum(movement.fee for movement in found.balance_transactions)
    return Dispute(id=found.id, status=found.status, amount=found.amount, fee=fee)


def transfer(transfer, operation, *, from_charge: bool) -> Made:
    """Send `operation.amount` cents to the shop. `from_charge` lets the money leave before it has settled."""
    parameters = {
        "amount": operation.amount,
        "currency": CURRENCY,
        "destination": transfer.shop_order.shop.stripe_account,
        "transfer_group": transfer.payment.order.number,
        "description": transfer.shop_order.number,
        "metadata": metadata_of(operation, order=transfer.payment.order.number, shop_order=transfer.shop_order.number),
    }
    if from_charge:
        parameters["source_transaction"] = transfer.payment.charge_id
    with translated():
        return _made(client().v1.transfers.create(parameters, options=options(operation)))


def transfers_of(payment) -> list[Made]:
    """Every transfer of the order, whoever made it."""
    with translated():
        found = client().v1.transfers.list({"transfer_group": payment.order.number, "limit": 100})
        return [_made(each) for each in found.auto_paging_iter()]


def reverse(transfer, operation) -> Made:
    """Take `operation.amount` cents back from the shop's balance. Refused when the balance is short."""
    parameters = {"amount": operation.amount, "metadata": metadata_of(operation, shop_order=transfer.shop_order.number)}
    with translated():
        return _made(
            client().v1.transfers.reversals.create(transfer.transfer_id, parameters, options=options(operation))
        )


def reversals_of(transfer) -> list[Made]:
    """Every reversal of a transfer, whoever made it."""
    with translated():
        found = client().v1.transfers.reversals.list(transfer.transfer_id, {"limit": 100})
        return [_made(each) for each in found.auto_paging_iter()]


def movements(since: datetime) -> list[Movement]:
    """Every movement of the platform's balance from `since` on."""
    with translated():
        found = client().v1.balance_transactions.list({"created": {"gte": int(since.timestamp())}, "limit": 100})
        return [
            Movement(id=each.id, kind=each.type, source=each.source or "", amount=each.amount, fee=each.fee)
            for each in found.auto_paging_iter()
        ]
