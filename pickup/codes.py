"""Codes: the resident's, the shops', on paper and as QR. PINs are derived from the bank's key, never stored.

At a bank its own key makes the codes; an order that begins at a counter has codes of the instance's key. An order that moves
from a bank to a counter keeps its code.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import segno
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from pickup.banks import keys
from pickup.models import Bank, Collection, Leg, Parcel, Point, Share
from pickup.models.device import Size
from pickup.protocol import codes, envelope, tokens
from pickup.protocol.vocabulary import Purpose
from pickup.protocol.vocabulary import Size as WireSize
from pickup.protocol.vocabulary import Temperature as WireTemperature
from shops.models import ShopOrder, Temperature

COUNTER_MARK = "counter"
SERVICE_LIFE = timedelta(hours=12)
SHOWN_TO_SHOPS = [Collection.Status.CONFIRMED, Collection.Status.DEPOSITING, Collection.Status.PARTIAL_READY]


@dataclass(frozen=True, kw_only=True)
class DepositCode:
    """What a shop shows to the bank for one parcel."""

    parcel: Parcel
    point: Point
    pin: str
    """Two groups of four digits."""
    opens_at: datetime
    """The bank takes the goods from here on."""
    token: str
    qr_svg: SafeString

    @property
    def temperature(self) -> str:
        return self.parcel.leg.temperature


def pin_key(bank: Bank | None) -> bytes:
    """The key of a bank, or of the instance's counters."""
    return keys.counter_pin_key() if bank is None else envelope.from_b64(bank.pin_key)


def give(collection: Collection, shops: Iterable[int] = ()) -> dict[int, tuple[int, str]]:
    """Give the resident a code that no other live code of the same key equals; saves the row.

    Returns version and keyed hash of the deposit code of each of `shops` (pks), all different too. The same few queries
    however many codes are live.
    """
    shops = list(shops)
    subjects = [_collect_subject(collection), *(_deposit_subject(collection, pk) for pk in shops)]
    (collection.code_version, collection.pin_mac), *of_shops = _draw(collection.code_bank, subjects)
    collection.save(update_fields=["code_version", "pin_mac"])
    return dict(zip(shops, of_shops, strict=True))


def give_share(collection: Collection, share: Share) -> None:
    """Give a new, unsaved share its name on the wire and a code that no other live code of the same key equals."""
    share.jti = tokens.new_jti()
    ((share.code_version, share.pin_mac),) = _draw(collection.code_bank, [_share_subject(share)])


def collect_pin(collection: Collection) -> str:
    """The resident's eight digits."""
    return codes.derive_pin(pin_key(collection.code_bank), _collect_subject(collection), collection.code_version)


def deposit_pin(parcel: Parcel) -> str:
    """The shop's eight digits."""
    collection = parcel.leg.collection
    subject = _deposit_subject(collection, parcel.shop_order.shop_id)
    return codes.derive_pin(pin_key(collection.code_bank), subject, parcel.code_version)


def share_pin(share: Share) -> str:
    """The eight digits of the person whom the resident sends."""
    return codes.derive_pin(pin_key(share.collection.code_bank), _share_subject(share), share.code_version)


def grouped(pin: str) -> str:
    """Two groups of four, as shown to people."""
    return f"{pin[:4]} {pin[4:]}"


def token_mark(collection: Collection) -> str:
    """For whom the tokens of this collection are made: its bank, or the counters."""
    return collection.code_bank.code if collection.code_bank else COUNTER_MARK


def collect_token(collection: Collection) -> str:
    """The resident's signed QR text: all legs of the collection."""
    jti = _jti(collection.code_bank, _collect_subject(collection), collection.code_version)
    return _token_for_all_legs(collection, Purpose.COLLECT, jti)


def share_token(share: Share) -> str:
    """The signed QR text of the person whom the resident sends: all legs, under a name of its own."""
    return _token_for_all_legs(share.collection, Purpose.SHARE, share.jti)


def deposit_token(parcel: Parcel) -> str:
    """The shop's signed QR text for one parcel; it teaches a bank that has never heard of the collection."""
    leg, collection = parcel.leg, parcel.leg.collection
    key, kid = keys.signing_key()
    subject = f"{_deposit_subject(collection, parcel.shop_order.shop_id)}:{leg.pk}"
    token = tokens.Token(
        purpose=Purpose.DEPOSIT,
        bank=token_mark(collection),
        reservation=collection.number,
        leg=leg.pk,
        nbf=_seconds(collection.deposit_from),
        exp=_seconds(collection.ends_at),
        jti=_jti(collection.code_bank, subject, parcel.code_version),
        temperature=WireTemperature(leg.temperature),
        size=WireSize(leg.size or Size.L),
        low=collection.low_door,
        food=leg.temperature != Temperature.AMBIENT or leg.keeps_until is not None,
        hard_exp=leg.keeps_until is not None,
        teaching=tokens.Teaching(
            pin_mac=collection.pin_mac,
            collect_exp=_seconds(leg.hard_exp or collection.ends_at),
            parcels=leg.parcels.filter(status__in=[Parcel.Status.EXPECTED, Parcel.Status.DEPOSITED]).count(),
            shop=parcel.shop_order.shop_id,
        ),
    )
    return tokens.encode(token, key, kid)


def service_token(bank: Bank, *, holder: int, now: datetime, leg: Leg | None = None) -> str:
    """A signed QR text for half a day: every door of the bank for the account `holder`, or `leg`'s door alone to clear it."""
    key, kid = keys.signing_key()
    token = tokens.Token(
        purpose=Purpose.SERVICE,
        bank=bank.code,
        reservation=holder,
        leg=leg.pk if leg else tokens.ALL_LEGS,
        nbf=_seconds(now),
        exp=_seconds(now + SERVICE_LIFE),
        jti=tokens.new_jti(),
    )
    return tokens.encode(token, key, kid)


def deposit_codes(shop_order: ShopOrder) -> list[DepositCode]:
    """What the shop has to present at the bank; empty at counters, before the debit and when all is deposited."""
    parcels = (
        Parcel.objects.filter(
            shop_order=shop_order,
            status=Parcel.Status.EXPECTED,
            leg__status__in=Leg.PLANNED,
            leg__collection__in=Collection.objects.filter(status__in=SHOWN_TO_SHOPS).captured(),
            leg__collection__point__kind=Point.Kind.BANK,
        )
        .select_related("leg__collection__point", "leg__collection__code_bank", "shop_order__shop")
        .order_by("pk")
    )
    return [_deposit_code(parcel) for parcel in parcels]


def qr_svg(text: str, *, title: str) -> SafeString:
    """An inline SVG of a QR code at level M with its quiet zone; it scales with its box."""
    drawing = segno.make(text, error="m", micro=False)
    # The title is escaped by segno; everything else is drawn from numbers.
    return mark_safe(drawing.svg_inline(border=4, omitsize=True, title=title, svgclass="qr", lineclass=None))


def collect_qr(collection: Collection) -> SafeString:
    """The resident's QR code."""
    return qr_svg(collect_token(collection), title=_("QR code to collect your order"))


def share_qr(share: Share) -> SafeString:
    """The QR code of the person whom the resident sends."""
    return qr_svg(share_token(share), title=_("QR code for %(name)s") % {"name": share.name})


def _deposit_code(parcel: Parcel) -> DepositCode:
    token = deposit_token(parcel)
    return DepositCode(
        parcel=parcel,
        point=parcel.leg.collection.point,
        pin=grouped(deposit_pin(parcel)),
        opens_at=parcel.leg.collection.deposit_from,
        token=token,
        qr_svg=qr_svg(token, title=_("QR code to deposit order %(number)s") % {"number": parcel.shop_order.number}),
    )


def _draw(bank: Bank | None, subjects: list[str]) -> list[tuple[int, str]]:
    """Version and keyed hash of a code for each subject, equal to no live code of the bank's key and to none of each other."""
    key = pin_key(bank)

    def hashed(subject: str, version: int) -> str:
        return codes.pin_mac(key, codes.derive_pin(key, subject, version))

    firsts = {hashed(subject, 1) for subject in subjects}
    taken = _taken(bank, firsts)
    drawn = []
    for subject in subjects:
        version = codes.first_free_version(
            key, subject, lambda mac: mac in taken or (mac not in firsts and bool(_taken(bank, {mac})))
        )
        mac = hashed(subject, version)
        taken.add(mac)
        drawn.append((version, mac))
    return drawn


def _taken(bank: Bank | None, macs: set[str]) -> set[str]:
    """Which of `macs` belong to live codes of the bank's key. Three queries on an index."""
    ended = Collection.ENDED
    collections = Collection.objects.filter(code_bank=bank, pin_mac__in=macs).exclude(status__in=ended)
    parcels = Parcel.objects.filter(leg__collection__code_bank=bank, pin_mac__in=macs, status=Parcel.Status.EXPECTED)
    shares = Share.objects.filter(collection__code_bank=bank, pin_mac__in=macs).exclude(collection__status__in=ended)
    return {mac for rows in (collections, parcels, shares) for mac in rows.values_list("pin_mac", flat=True)}


def _collect_subject(collection: Collection) -> str:
    return f"collect:{collection.number}"


def _deposit_subject(collection: Collection, shop_id: int) -> str:
    return f"deposit:{collection.number}:{shop_id}"


def _share_subject(share: Share) -> str:
    return f"share:{share.collection.number}:{share.jti}"


def _token_for_all_legs(collection: Collection, purpose: Purpose, jti: str) -> str:
    key, kid = keys.signing_key()
    token = tokens.Token(
        purpose=purpose,
        bank=token_mark(collection),
        reservation=collection.number,
        leg=tokens.ALL_LEGS,
        nbf=_seconds(collection.deposit_from),
        exp=_seconds(collection.ends_at),
        jti=jti,
        low=collection.low_door,
    )
    return tokens.encode(token, key, kid)


def _jti(bank: Bank | None, subject: str, version: int) -> str:
    """The token's name: always the same for the same code, so that a page shown twice shows one QR code."""
    digest = hmac.new(pin_key(bank), f"jti\0{subject}\0{version}".encode(), hashlib.sha256)
    return digest.hexdigest()[: 2 * tokens.JTI_BYTES]


def _seconds(moment) -> int:
    return int(moment.timestamp())
