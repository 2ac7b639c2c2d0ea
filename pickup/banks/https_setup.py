"""TLP/1 over HTTPS: `provision`, once per identity, and `config`, whenever its hash has changed."""

from datetime import timedelta

from django.db import transaction
from django.http import HttpResponseNotModified, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from marketplace.foundation import ratelimits
from pickup.banks import configuring, keys, provisioning
from pickup.banks.https_sync import authenticated, refusal
from pickup.models import Bank
from pickup.protocol import wire
from pickup.protocol.errors import ProtocolError, TooMany
from pickup.protocol.provisioning import ProvisionRequest

TRIES_PER_HOUR = 20
MOST_BYTES = 2000


@csrf_exempt
@never_cache
@require_POST
def provision(request):
    """Exchange a one-time token for an identity."""
    try:
        address = ratelimits.visitor_address(request)
        if not ratelimits.allow(f"provision:{address}", limit=TRIES_PER_HOUR, per=timedelta(hours=1)):
            raise TooMany("Too many tokens were tried from here. Please wait an hour.")
        reply = provisioning.redeem(ProvisionRequest.read(wire.decode(request.body, most=MOST_BYTES)))
    except ProtocolError as error:
        return refusal(error)
    return JsonResponse(reply.as_document())


@csrf_exempt
@never_cache
@require_GET
def config(request):
    """The signed configuration, or 304 when the bank has it."""
    try:
        bank = authenticated(request)
    except ProtocolError as error:
        return refusal(error)
    with transaction.atomic():
        bank = Bank.objects.select_for_update(of=("self",)).select_related("point").get(pk=bank.pk)
        made = configuring.current(bank)
    etag = f'"{made.cfg_hash}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    return JsonResponse(made.sign(*keys.signing_key()), headers={"ETag": etag})
