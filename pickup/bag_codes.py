"""The deposit code on a bag, and the shop order that it belongs to."""

from pickup import codes
from pickup.banks import keys
from pickup.models import Bank, Parcel
from pickup.protocol import codes as wire_codes
from pickup.protocol import envelope, tokens
from pickup.protocol.errors import ProtocolError
from pickup.protocol.vocabulary import Purpose
from shops.models import Shop, ShopOrder


def order_of_code(shop: Shop, text: str) -> ShopOrder | None:
    """The order of `shop` whose deposit code is `text`: typed digits or the text of its QR code; None when none, or two, are."""
    parcels = Parcel.objects.filter(shop_order__shop=shop)
    if text.startswith(tokens.PREFIX):
        found = _scanned(parcels, text)
    else:
        digits = "".join(text.split())
        banks = Bank.objects.filter(pk__in=parcels.values("leg__collection__code_bank"))
        macs = [wire_codes.pin_mac(codes.pin_key(bank), digits) for bank in banks]
        found = set(parcels.filter(pin_mac__in=macs).exclude(pin_mac="").values_list("shop_order", flat=True))
    return ShopOrder.objects.get(pk=found.pop()) if len(found) == 1 else None


def _scanned(parcels, text: str) -> set[int]:
    public = envelope.read_public_keys(keys.public_keys())
    for bank in Bank.objects.filter(pk__in=parcels.values("leg__collection__code_bank")):
        try:
            token = tokens.decode(text, public, bank.code)
        except ProtocolError:
            continue
        if token.purpose is Purpose.DEPOSIT:
            return set(parcels.filter(leg=token.leg).values_list("shop_order", flat=True))
    return set()
