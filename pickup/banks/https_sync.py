"""TLP/1 over HTTPS: `sync` and `authlist`. A bank is known by its device secret alone; no session, no cookie."""

import hashlib
import hmac
import json

from django.db import transaction
from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from pickup.banks import inbox, keys, lists, outbox
from pickup.models import Bank
from pickup.protocol.errors import BadMessage, ProtocolError, TooLarge, Unauthorised
from pickup.protocol.messages import BANK_HEADER, MAX_BODY_BYTES, SyncReply, SyncRequest

NEXT_MS = 2000
QUIET_NEXT_MS = 4000


@csrf_exempt
@never_cache
@require_POST
def sync(request):
    """Take what the bank reports; answer what it shall do."""
    try:
        code = _authenticated(request).code
        message = SyncRequest.read(_body(request), code)
        with transaction.atomic():
            bank = Bank.objects.select_for_update().get(code=code)
            inbox.take(bank, message)
            reply = _reply(bank, message)
    except ProtocolError as error:
        return _refusal(error)
    return JsonResponse(reply)


@csrf_exempt
@never_cache
@require_GET
def authlist(request):
    """The signed authorisation list, or 304 when the bank has it."""
    try:
        bank = _authenticated(request)
    except ProtocolError as error:
        return _refusal(error)
    with transaction.atomic():
        bank = Bank.objects.select_for_update().get(pk=bank.pk)
        listed = lists.current(bank, timezone.now())
    etag = f'"{listed.etag}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    return JsonResponse(listed.sign(*keys.signing_key()), headers={"ETag": etag})


def _reply(bank: Bank, message: SyncRequest) -> dict:
    now = timezone.now()
    listed = lists.current(bank, now)
    commands = outbox.unanswered(bank, now)
    is_busy = bool(message.events or message.responses or commands or listed.etag != message.list_etag)
    return SyncReply(
        bank=bank.code,
        boot_id=message.boot_id,
        cursor=bank.cursor,
        list_etag=listed.etag,
        server_time=now,
        next_ms=NEXT_MS if is_busy else QUIET_NEXT_MS,
        commands=commands,
    ).sign(*keys.signing_key())


def _authenticated(request) -> Bank:
    """The bank whose code and secret the request carries; raises `Unauthorised`."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    bank = Bank.objects.filter(code=request.headers.get(BANK_HEADER, "")).first()
    # An unknown bank costs as much time as a wrong secret.
    expected = bank.device_hash if bank and bank.device_hash else "0" * 64
    if not hmac.compare_digest(secret_hash(secret), expected) or scheme != "Bearer" or bank is None:
        raise Unauthorised("The bank or its device secret is not known here.")
    return bank


def secret_hash(secret: str) -> str:
    """What we keep of a device secret: it has 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _body(request) -> object:
    if len(request.body) > MAX_BODY_BYTES:
        raise TooLarge(f"The body is larger than {MAX_BODY_BYTES} bytes.")
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise BadMessage("The body is not JSON.") from error


def _refusal(error: ProtocolError) -> HttpResponse:
    return JsonResponse(error.as_document(), status=error.status)
