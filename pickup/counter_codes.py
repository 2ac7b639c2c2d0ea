"""The code that somebody shows at a counter, and the collection there that it belongs to."""

import hmac

from django.db.models import Prefetch

from pickup import codes
from pickup.banks import keys
from pickup.models import Collection, Point, Share
from pickup.protocol import codes as wire_codes
from pickup.protocol import envelope, tokens
from pickup.protocol.errors import ProtocolError
from pickup.protocol.vocabulary import Purpose


def find_waiting(point: Point, code: str) -> Collection | None:
    """The collection waiting at a counter to which a typed PIN or a scanned QR text belongs; None when none, or two, do."""
    waiting = list(
        Collection.objects.waiting_at(point)
        .select_related("code_bank", "order")
        .prefetch_related(Prefetch("shares", Share.objects.active(), to_attr="active_shares"))
    )
    if code.startswith(tokens.PREFIX):
        token = _scanned(code, {codes.token_mark(each) for each in waiting})
        matching = [each for each in waiting if token is not None and _opens(token, each)]
    else:
        digits = "".join(code.split())
        banks = {each.code_bank for each in waiting}
        macs = {bank: wire_codes.pin_mac(codes.pin_key(bank), digits) for bank in banks}
        matching = [
            each for each in waiting if any(hmac.compare_digest(mac, macs[each.code_bank]) for mac in _pin_macs(each))
        ]
    return matching[0] if len(matching) == 1 else None


def _pin_macs(collection: Collection) -> list[str]:
    return [collection.pin_mac, *(share.pin_mac for share in collection.active_shares)]


def _opens(token: tokens.Token, collection: Collection) -> bool:
    """Whether the token is the resident's, or one of a share that was not withdrawn."""
    if token.reservation != collection.number:
        return False
    return token.purpose is Purpose.COLLECT or token.jti in [share.jti for share in collection.active_shares]


def _scanned(text: str, marks: set[str]) -> tokens.Token | None:
    """The signed token, when it was made for one of `marks` and is for collecting."""
    public = envelope.read_public_keys(keys.public_keys())
    for mark in marks:
        try:
            token = tokens.decode(text, public, mark)
        except ProtocolError:
            continue
        return token if token.purpose in (Purpose.COLLECT, Purpose.SHARE) else None
    return None
