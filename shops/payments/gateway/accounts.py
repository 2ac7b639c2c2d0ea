"""The shops' own accounts (Accounts v2)."""

from shops.payments.answers import Payability
from shops.payments.gateway.connection import CURRENCY, client, metadata_of, options, translated

RECIPIENT = ["configuration.recipient"]


def create_account(shop, operation) -> str:
    """Open the shop's recipient account (Accounts v2); returns its id."""
    parameters = {
        "contact_email": shop.email,
        "display_name": shop.name,
        "dashboard": "express",
        "identity": {"country": "fr", "entity_type": "company"},
        "configuration": {
            "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}},
        },
        "defaults": {
            "currency": CURRENCY,
            "locales": ["fr-FR"],
            "responsibilities": {"fees_collector": "application", "losses_collector": "application"},
        },
        "include": RECIPIENT,
        "metadata": metadata_of(operation, shop_id=str(shop.uuid)),
    }
    with translated():
        return client().v2.core.accounts.create(parameters, options=options(operation)).id


def account_link(shop, *, refresh_url: str, return_url: str) -> str:
    """A single-use link to Stripe's own onboarding pages."""
    onboarding = {
        "refresh_url": refresh_url,
        "return_url": return_url,
        "collection_options": {"fields": "eventually_due"},
    }
    use_case = {"type": "account_onboarding", "account_onboarding": onboarding}
    with translated():
        return client().v2.core.account_links.create({"account": shop.stripe_account, "use_case": use_case}).url


def payability(account: str) -> Payability:
    """Read the one status that says whether transfers reach the account."""
    with translated():
        found = client().v2.core.accounts.retrieve(account, {"include": RECIPIENT})
    recipient = getattr(found.configuration, "recipient", None)
    balance = getattr(getattr(recipient, "capabilities", None), "stripe_balance", None)
    capability = getattr(balance, "stripe_transfers", None)
    if capability is None:
        return Payability(account=found.id, status="unsupported", livemode=found.livemode)
    details = getattr(capability, "status_details", None) or []
    return Payability(
        account=found.id,
        status=capability.status,
        code=details[0].code if details else "",
        livemode=found.livemode,
    )
