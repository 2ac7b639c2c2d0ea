"""What every template may use about the market as a whole."""

from django.conf import settings


def site(request):
    """The market's names and whether this is a demonstration, without touching the session or the database."""
    return {
        "market_name": settings.MARKET_NAME or "Halles",
        "town_name": settings.TOWN_NAME,
        "help_phone": settings.HELP_PHONE,
        "help_email": settings.HELP_EMAIL,
        "is_demo": settings.DEMO,
    }
