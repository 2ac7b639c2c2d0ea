"""Changing secrets without losing a bank: each learns the new one before the old one ends."""

import secrets

from django.db import transaction
from django.utils import timezone

from pickup import codes
from pickup.banks import configuring, keys
from pickup.models import Bank, BankIdentity, Collection, Parcel, ServerKey
from pickup.models.key import new_pin_key
from pickup.protocol import envelope

ENDED = [Collection.Status.COLLECTED, Collection.Status.RELEASED]


class NotYet(Exception):
    """Banks that are in use have not confirmed the announced key; the text names them."""


@transaction.atomic
def announce_signing_key() -> ServerKey:
    """Make the next signing key and tell all banks; nothing is signed with it yet. The same one when called again."""
    announced = ServerKey.objects.filter(purpose=ServerKey.Purpose.SIGN, used_from=None).first()
    if announced is None:
        keys.signing_key()
        newest = ServerKey.objects.select_for_update().filter(purpose=ServerKey.Purpose.SIGN).latest("number")
        announced = ServerKey.objects.create(
            purpose=ServerKey.Purpose.SIGN,
            number=newest.number + 1,
            secret=envelope.new_private_key(),
            used_from=None,
        )
    for bank in Bank.objects.order_by("pk"):
        configuring.announce(bank)
    return announced


@transaction.atomic
def use_announced_key(*, force: bool = False) -> ServerKey | None:
    """Sign with the announced key from now on; None when there is none. The former key is believed until the next rotation.

    Raises `NotYet` while a bank, also one that is out of reach, has not confirmed the configuration that names the key: it could
    not believe us any more. With `force` such a bank has to be provisioned anew.
    """
    announced = ServerKey.objects.filter(purpose=ServerKey.Purpose.SIGN, used_from=None).first()
    if announced is None:
        return None
    in_use = Bank.objects.filter(identities__in=BankIdentity.objects.live()).distinct()
    behind = [bank.code for bank in in_use if bank.applied_config != bank.config_hash]
    if behind and not force:
        raise NotYet(f"These banks do not know the new key yet: {', '.join(behind)}.")
    announced.used_from = timezone.now()
    announced.save(update_fields=["used_from"])
    return announced


@transaction.atomic
def change_device_secret(bank: Bank) -> None:
    """Send the bank a new secret with its configuration; the former one ends with the first use of the new one."""
    identity = bank.identities.live().select_for_update().get()
    identity.next_secret = secrets.token_urlsafe(32)
    identity.secret_number += 1
    identity.save(update_fields=["next_secret", "secret_number"])
    configuring.announce(bank)


@transaction.atomic
def change_pin_key(bank: Bank) -> list[Collection]:
    """Give the bank a new key for PINs. All its live codes are new; the collections whose residents must be told.

    The bank fetches the key and then the list that belongs to it. Until it has been heard, the former codes open there.
    """
    live = list(
        Collection.objects.select_for_update(of=("self",))
        .filter(code_bank=bank)
        .exclude(status__in=ENDED)
        .order_by("pk")
    )
    bank = Bank.objects.select_for_update().get(pk=bank.pk)
    bank.pin_key = new_pin_key()
    bank.save(update_fields=["pin_key"])
    for collection in live:
        collection.code_bank = bank
        parcels = Parcel.objects.filter(leg__collection=collection).select_related("shop_order").order_by("pk")
        fresh = codes.give(collection, sorted({parcel.shop_order.shop_id for parcel in parcels}))
        for parcel in parcels:
            parcel.code_version, parcel.pin_mac = fresh[parcel.shop_order.shop_id]
        Parcel.objects.bulk_update(parcels, ["code_version", "pin_mac"])
    configuring.announce(bank)
    return live
