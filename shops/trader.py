"""Who the seller is, as the law wants residents to read it (Regulation (EU) 2022/2065 art. 30 and 31)."""

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from stdnum.eu import vat

from shops import shop_mail
from shops.models import Shop

FIELDS = (
    "legal_name", "legal_form", "register_number", "street", "postcode", "town", "phone", "email", "vat_number", "vat_exempt",
)  # fmt: skip
FRENCH_KEY_DIGITS = 4  # FR and two check characters, before the SIREN


def clean_vat_number(value: str, *, siret: str, strict: bool) -> str:
    """The number without spaces, "" when there is none. Raises `ValidationError`.

    A French number ends with the SIREN of its owner. `strict`, in live instances: also its check key, for the invented
    numbers of a demonstration have none.
    """
    number = re.sub(r"[\s.\-]", "", value).upper()
    if not number:
        return ""
    if not re.fullmatch(r"[A-Z]{2}[0-9A-Z]{2,12}", number):
        raise ValidationError(
            _("A VAT number begins with two letters, such as FR, and has no other signs than digits and letters.")
        )
    if number.startswith("FR") and number[FRENCH_KEY_DIGITS:] != siret[:9]:
        raise ValidationError(_("A French VAT number ends with the first 9 digits of your SIRET number."))
    if strict and not vat.is_valid(number):
        raise ValidationError(_("This VAT number is not valid: please check its digits."))
    return number


@transaction.atomic
def certify(shop: Shop, *, by, **values) -> Shop:
    """Write the trader's details, promised by `by` to be true; the day of the promise is kept.

    Once the shop is open, the people who open shops hear of every change: a shop does not change hands in silence.
    """
    shop = Shop.objects.select_for_update().get(pk=shop.pk)
    changed = [name for name in FIELDS if getattr(shop, name) != values[name]]
    for name in FIELDS:
        setattr(shop, name, values[name])
    shop.certified_at, shop.certified_by = timezone.now(), by
    shop.save()
    if changed and shop.status in (Shop.Status.OPEN, Shop.Status.SUSPENDED):
        names = ", ".join(str(Shop._meta.get_field(name).verbose_name) for name in changed)
        shop_mail.tell_openers(
            "trader_changed", shop, key=shop.certified_at.isoformat(), names=names, by=by.get_full_name()
        )
    return shop
