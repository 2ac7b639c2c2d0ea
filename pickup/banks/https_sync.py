"""TLP/1 over HTTPS: `sync` and `authlist`. A bank is known by its device secret alone; no session, no cookie."""

from django.db import transaction
from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from pickup.banks import identities, inbox, keys, lists, outbox, replies, starts
from pickup.models import Bank
from pickup.protocol import wire
from pickup.protocol.errors import ProtocolError
from pickup.protocol.messages import BANK_HEADER, SyncRequest


@csrf_exempt
@never_cache
@require_POST
def sync(request):
    """Take what the bank reports; answer what it shall do."""
    try:
        code = authenticated(request).code
        message = SyncRequest.read(wire.decode(request.body), code)
        with transaction.atomic():
            bank = Bank.objects.select_for_update().get(code=code)
            inbox.take(bank, message)
            reply = _reply(bank, message)
    except starts.COPIED as error:
        starts.tell(code)
        return refusal(error)
    except ProtocolError as error:
        return refusal(error)
    return JsonResponse(reply)


@csrf_exempt
@never_cache
@require_GET
def authlist(request):
    """The signed authorisation list, or 304 when the bank has it."""
    try:
        bank = authenticated(request)
    except ProtocolError as error:
        return refusal(error)
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
    reply = replies.confirmation(
        bank, message, next_ms=replies.NEXT_MS if is_busy else replies.QUIET_NEXT_MS, commands=commands
    )
    return reply.sign(*keys.signing_key())


def authenticated(request) -> Bank:
    """The bank whose code and secret the request carries; raises `Unauthorised`."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return identities.authenticate(request.headers.get(BANK_HEADER, ""), scheme, secret)


def refusal(error: ProtocolError) -> HttpResponse:
    """The documented answer to a message that is not as it should be."""
    return JsonResponse(error.as_document(), status=error.status)
