"""Which addresses belong to the market itself, so that no page of the town hides behind them or is hidden."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Wagtail's catch-all is the last URL pattern: a page with one of these names could never be opened.
# tests/cms/test_addresses.py compares this list with the URL table.
RESERVED = frozenset(
    {
        "api",
        "boutiques",
        "cms",
        "commande",
        "commandes-hors-ligne.js",
        "compte",
        "connexion",
        "deconnexion",
        "demo",
        "documents",
        "en",
        "espace-boutique",
        "exploitation",
        "favicon.ico",
        "gestion",
        "healthz",
        "i18n",
        "media",
        "mes-commandes",
        "mon-compte",
        "mot-de-passe",
        "panier",
        "points-de-retrait",
        "produits",
        "rayons",
        "recherche",
        "robots.txt",
        "static",
        "tlp",
        "vendre",
        "webhooks",
    }
)


def validate_page_slug(slug: str) -> None:
    """Raises `ValidationError`, worded for the editor, when `slug` is an address of the market."""
    if slug in RESERVED:
        raise ValidationError(
            _("“%(slug)s” is an address of the market itself. Please choose another one for this page.")
            % {"slug": slug}
        )
