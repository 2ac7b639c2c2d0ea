"""Who hears of what. Each message is written inside the transaction of its fact, under a key that makes it unique."""

from marketplace.checkout.notifications import operators, residents, shops  # noqa: F401  they connect themselves
