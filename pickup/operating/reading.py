"""Reading a resident's code out: for somebody on the telephone, or in front of the bank, who has no screen. Kept with its reason."""

from datetime import timedelta

from django.db import transaction

from marketplace.foundation import ratelimits
from pickup import codes
from pickup.errors import NoCodeToRead, TooManyCodesRead
from pickup.models import CodeReading, Collection

PER_HOUR = 20


def read_code(collection: Collection, *, why: str, by) -> str:
    """The eight digits in two groups; that they were read is written down first.

    Raises `NoCodeToRead` when nothing waits for the resident, `TooManyCodesRead` after twenty of one operator in an hour.
    """
    if not collection.is_waiting:
        raise NoCodeToRead
    if not ratelimits.allow(f"code-reading:{by.pk}", limit=PER_HOUR, per=timedelta(hours=1)):
        raise TooManyCodesRead
    with transaction.atomic():
        CodeReading.objects.create(collection=collection, why=why, by=by)
        return codes.grouped(codes.collect_pin(collection))
