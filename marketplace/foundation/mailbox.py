"""Every message that the demo town has written, for its visitors to read. Mounted in demo mode only."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.foundation.models import Message

PER_PAGE = 40


@require_safe
@never_cache
def inbox(request):
    """The newest first."""
    page = Paginator(Message.objects.order_by("-pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "mailbox/inbox.html", {"page": page})


@require_safe
@never_cache
def message(request, pk):
    """One message as its reader sees it."""
    return render(request, "mailbox/message.html", {"mail": get_object_or_404(Message, pk=pk)})
