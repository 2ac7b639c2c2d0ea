"""Telling the addresses of shops: each row until it is taken, at most once at a time, never for long.

2xx                → taken
410 (Gone)         → nobody wants to hear any more: the address is switched off
anything else      → again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h (the waits that standardwebhooks.com
                     proposes, three days in all), then given up; an address that took nothing meanwhile is switched off
                     and its shop is told
"""

import time
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from standardwebhooks import Webhook

from marketplace.foundation import outside
from shops import shop_mail
from shops.models import HookCall, ShopHook

WAITS = [
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
]
SECONDS = 10  # of one call, from the first packet to the last byte of the answer
LEASE = timedelta(minutes=2)  # far more than a call may take: nobody else takes the row meanwhile
SLOW_MS = 2000  # then other shops have their turn first
SHOWN = 300  # characters of an answer
READ = 64 * 1024
GONE = 410


def work_due(*, seconds: float, network: outside.Network = outside.INTERNET) -> int:
    """Make calls that are due, for so many `seconds`; how many. An address that fails or is slow waits for the next time."""
    ends_at, done, later = time.monotonic() + seconds, 0, set()
    while time.monotonic() < ends_at:
        call = HookCall.objects.due().exclude(hook__in=later).select_related("hook__shop").first()
        if call is None:
            break
        if _claim(call):
            done += 1
            if not _call(call, network):
                later.add(call.hook_id)
    return done


def _claim(call: HookCall) -> bool:
    """Take the row for one attempt: of two workers one gets it; a killed worker's row comes back after the lease."""
    rows = HookCall.objects.open().filter(pk=call.pk, attempts=call.attempts, try_at=call.try_at)
    until = timezone.now() + LEASE
    return bool(rows.update(attempts=F("attempts") + 1, try_at=until, leased_until=until))


def _call(call: HookCall, network: outside.Network) -> bool:
    """One attempt, outside of any transaction; whether it was taken, and fast enough to go on at this address."""
    began = time.monotonic()
    status, words = _send(call, network)
    took_ms = round((time.monotonic() - began) * 1000)
    _note(call, status=status, answer=words, took_ms=took_ms, called_at=timezone.now())
    return status is not None and status // 100 == 2 and took_ms < SLOW_MS


def _send(call: HookCall, network: outside.Network) -> tuple[int | None, str]:
    """The status of the answer and its first characters; None and why there was none."""
    content = call.body.encode()
    try:
        with outside.open_public(
            call.hook.address,
            method="POST",
            body=content,
            headers=_headers(call, content),
            seconds=SECONDS,
            network=network,
        ) as answer:
            return answer.status, _first_words(answer)
    except outside.OutsideError as error:
        return None, str(error)[:SHOWN]


def _headers(call: HookCall, content: bytes) -> dict[str, str]:
    """https://www.standardwebhooks.com: the id stays the same for all attempts; old and new secret sign."""
    name, now = f"msg_{call.uuid.hex}", datetime.now(UTC)
    signatures = [Webhook(secret).sign(name, now, content.decode()) for secret in call.hook.secrets]
    return {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _first_words(answer: outside.Answer) -> str:
    try:
        content = answer.read(READ)
    except outside.OutsideError as error:
        return str(error)[:SHOWN]
    return content.decode("utf-8", "replace").replace("\x00", "").strip()[:SHOWN]


@transaction.atomic
def _note(call: HookCall, *, status: int | None, **log) -> None:
    """Write what came of the attempt, and what follows."""
    now = timezone.now()
    hook = ShopHook.objects.select_for_update(no_key=True).filter(pk=call.hook_id).first()
    row = HookCall.objects.select_for_update(no_key=True).filter(pk=call.pk).first()
    if hook is None or row is None:
        return  # removed while it was called
    fields = {"status": status, "leased_until": None, **log}
    if status is not None and status // 100 == 2:
        fields["done_at"] = hook.succeeded_at = now
        hook.save(update_fields=["succeeded_at"])
    elif status == GONE or row.attempts > len(WAITS):
        fields["given_up_at"] = now
        if status == GONE or hook.succeeded_at is None or hook.succeeded_at < row.created_at:
            _switch_off(hook)
    else:
        fields["try_at"] = now + WAITS[row.attempts - 1]
    HookCall.objects.filter(pk=row.pk).update(**fields)


def _switch_off(hook: ShopHook) -> None:
    if ShopHook.objects.filter(pk=hook.pk, is_on=True).update(is_on=False):
        key = f"{hook.pk}:{timezone.now().isoformat()}"
        shop_mail.tell_owners("webhook_off", hook.shop, key=key, page="till", hook=hook)
