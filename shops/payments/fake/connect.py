"""The fake's shop side: accounts, links, transfers, reversals, and the platform's balance."""

from django.conf import settings
from django.db.models import F, Sum
from django.utils import timezone

from shops.payments.fake import shapes
from shops.payments.fake.checkout import get
from shops.payments.fake.errors import invalid, refused
from shops.payments.fake.events import account_changed, happened
from shops.payments.fake.models import Account, AccountLink, BalanceTransaction, Charge, Event, Reversal, Transfer


def create_account(sent: dict) -> dict:
    """POST /v2/core/accounts: a recipient, restricted until its onboarding page was filled in."""
    responsibilities = sent.get("defaults", {}).get("responsibilities", {})
    if sent.get("dashboard") == "express" and set(responsibilities.values()) != {"application"}:
        raise invalid("dashboard: express requires application/application.", param="defaults[responsibilities]")
    recipient = sent.get("configuration", {}).get("recipient", {})
    wanted = recipient.get("capabilities", {}).get("stripe_balance", {}).get("stripe_transfers", {})
    row = Account.objects.create(
        display_name=sent.get("display_name", ""),
        contact_email=sent.get("contact_email", ""),
        capability="restricted" if wanted.get("requested") else "unsupported",
        metadata=sent.get("metadata", {}),
    )
    return shapes.account(row)


def retrieve_account(wanted: str) -> dict:
    return shapes.account(get(Account, wanted))


def set_capability(row: Account, status: str) -> None:
    """What Stripe decides about an account, and tells."""
    if row.capability != status:
        row.capability = status
        row.save(update_fields=["capability"])
        account_changed(row.id)


def create_link(sent: dict) -> dict:
    """POST /v2/core/account_links: the onboarding page of the demonstration."""
    onboarding = sent["use_case"].get("account_onboarding", {})
    row = AccountLink.objects.create(
        account=get(Account, sent["account"]),
        return_url=onboarding.get("return_url", ""),
        refresh_url=onboarding["refresh_url"],
    )
    return {
        "object": "v2.core.account_link",
        "account": row.account_id,
        "created": row.created_at.isoformat().replace("+00:00", "Z"),
        "livemode": False,
        "url": f"{settings.SITE_URL}/demo/stripe/onboarding/{row.id}/",
        "use_case": sent["use_case"],
    }


def available() -> int:
    """Cents of the platform that have settled."""
    sums = BalanceTransaction.objects.filter(available_at__lte=timezone.now()).aggregate(
        sum=Sum(F("amount") - F("fee"))
    )
    return sums["sum"] or 0


def balance() -> dict:
    """GET /v1/balance."""
    whole = BalanceTransaction.objects.aggregate(sum=Sum(F("amount") - F("fee")))["sum"] or 0
    settled = available()

    def amounts(cents: int) -> list[dict]:
        return [{"amount": cents, "currency": "eur", "source_types": {"card": cents}}]

    return {"object": "balance", "livemode": False, "available": amounts(settled), "pending": amounts(whole - settled)}


def create_transfer(sent: dict) -> dict:
    """POST /v1/transfers: to an active account, from a charge that still carries it or from settled money."""
    destination = get(Account, sent["destination"])
    if destination.capability != "active":
        raise refused("transfers_not_allowed", "The destination account needs the stripe_transfers capability.")
    amount = sent.get("amount", 0)
    if amount <= 0:
        raise invalid("amount must be positive.", param="amount")
    source = get(Charge, sent["source_transaction"]) if "source_transaction" in sent else None
    if source is not None:
        drawn = source.transfers.aggregate(sum=Sum(F("amount") - F("reversed")))["sum"] or 0
        if amount + drawn > source.captured - source.refunded:
            raise refused("amount_too_large", "Transfers of a charge cannot exceed what it still carries.")
    elif amount > available():
        raise refused("balance_insufficient", "You have insufficient available funds in your Stripe account.")
    row = Transfer.objects.create(
        destination=destination,
        amount=amount,
        source=source,
        transfer_group=sent.get("transfer_group", ""),
        description=sent.get("description", ""),
        metadata=sent.get("metadata", {}),
    )
    settles_at = timezone.now()
    if source is not None:
        settles_at = BalanceTransaction.objects.get(source=source.id).available_at
    BalanceTransaction.objects.create(kind="transfer", source=row.id, amount=-amount, available_at=settles_at)
    happened("transfer.created", shapes.transfer(row))
    return shapes.transfer(row)


def retrieve_transfer(wanted: str) -> dict:
    return shapes.transfer(get(Transfer, wanted))


def transfers(sent: dict):
    """The rows of GET /v1/transfers."""
    rows = Transfer.objects.all()
    if "transfer_group" in sent:
        rows = rows.filter(transfer_group=sent["transfer_group"])
    return rows.filter(destination_id=sent["destination"]) if "destination" in sent else rows


def create_reversal(sent: dict, wanted: str) -> dict:
    """POST /v1/transfers/{id}/reversals: at most what is unreversed, and what the shop's balance covers."""
    row = get(Transfer, wanted)
    left = row.amount - row.reversed
    amount = sent.get("amount", left)
    if not 0 < amount <= left:
        raise refused("amount_too_large", f"Reversal amount ({amount}) is greater than unreversed amount ({left}).")
    if amount > row.destination.balance:
        raise refused("balance_insufficient", "The connected account has insufficient funds for this reversal.")
    reversal = Reversal.objects.create(transfer=row, amount=amount, metadata=sent.get("metadata", {}))
    row.reversed += amount
    row.save(update_fields=["reversed"])
    now = timezone.now()
    BalanceTransaction.objects.create(kind="transfer_refund", source=reversal.id, amount=amount, available_at=now)
    happened("transfer.reversed", shapes.transfer(row))
    return shapes.reversal(reversal)


def reversals(wanted: str):
    """The rows of GET /v1/transfers/{id}/reversals."""
    return Reversal.objects.filter(transfer=get(Transfer, wanted))


def _since(rows, sent: dict):
    created = sent.get("created")
    if isinstance(created, dict) and "gte" in created:
        moment = timezone.datetime.fromtimestamp(int(created["gte"]), timezone.get_default_timezone())
        rows = rows.filter(created_at__gte=moment)
    return rows


def balance_transactions(sent: dict):
    """The rows of GET /v1/balance_transactions."""
    rows = _since(BalanceTransaction.objects.all(), sent)
    return rows.filter(source=sent["source"]) if "source" in sent else rows


def events(sent: dict):
    """The rows of GET /v1/events."""
    rows = _since(Event.objects.exclude(kind__startswith="v2."), sent)
    if "delivery_success" in sent:
        rows = rows.filter(deliveries__delivered_at__isnull=not sent["delivery_success"]).distinct()
    return rows
