"""Applications and shops, for the people who open them: fetch, call one function, answer."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shops import joining, suspending
from shops.admission.forms import DecisionForm, ReopeningForm, SentenceForm, SuspensionForm, WaiverForm
from shops.models import Application, Shop, ShopOrder
from shops.permissions import opens_shops

NEWEST = 50
Status = Shop.Status


@opens_shops
@require_GET
def shops(request):
    """Who waits for us, who is on the way, who is open, who is not."""
    rows = Shop.objects.annotate(visible=Count("sheets", filter=Q(sheets__product__is_public=True))).order_by("name")
    by_status = {status: [shop for shop in rows if shop.status == status] for status in Status.values}
    context = {
        "groups": [
            (Status(status).label, by_status[status]) for status in ("waiting", "draft", "suspended", "open", "closed")
        ],
        "waiting": len(by_status[Status.WAITING]),
        "unconfirmed": Application.objects.filter(confirmed_at=None).order_by("-sent_at")[:NEWEST],
    }
    return render(request, "shops/admission/list.html", context)


@opens_shops
@require_GET
def shop(request, slug):
    """One shop: what is done, and what we may do with it."""
    return page_of(request, shop_of(slug))


def shop_of(slug: str) -> Shop:
    """The shop of the address, or 404."""
    return get_object_or_404(Shop, slug=slug)


def page_of(request, shop: Shop, *, status: int = 200, **forms_shown):
    """The page of one shop; a form that was refused is shown as it was filled in."""
    items = joining.checklist(shop)
    context = {
        "shop": shop,
        "items": items,
        "missing": [item for item in items if not item.settled],
        "history": [(change, _label(change.current)) for change in shop.history().select_related("by")],
        "accepted": shop.acceptances.select_related("version"),
        "goods": shop.sheets.with_all().order_by("pk")[:NEWEST],
        "owners": shop.staff.filter(role="owner", is_active=True).select_related("user"),
        "sending_back": SentenceForm(),
        "waiver": WaiverForm(),
        "suspensions": shop.suspensions.select_related("by", "appealed_by", "answered_by", "ended_by"),
        "current": shop.suspensions.filter(ended_at=None).first(),
        "open_orders": ShopOrder.objects.of(shop).paid().exclude(status__in=ShopOrder.ENDED).count(),
        "suspending": SuspensionForm(),
        "deciding": DecisionForm(),
        "reopening": ReopeningForm(),
    }
    return render(request, "shops/admission/shop.html", context | forms_shown, status=status)


def _label(status: str) -> str:
    return str(Status(status).label) if status in Status.values else status


@opens_shops
@require_POST
def open_shop(request, slug):
    """Open it."""
    shop = shop_of(slug)
    return do(request, shop, lambda: joining.open_shop(shop, by=request.user), _("%(shop)s is open."))


@opens_shops
@require_POST
def send_back(request, slug):
    """Not yet, with a sentence."""
    shop, form = shop_of(slug), SentenceForm(request.POST)
    if not form.is_valid():
        return page_of(request, shop, status=422, sending_back=form)
    sentence = form.cleaned_data["sentence"]
    done = _("%(shop)s has your sentence and can change things.")
    return do(request, shop, lambda: joining.send_back(shop, by=request.user, sentence=sentence), done)


@opens_shops
@require_POST
def waive(request, slug):
    """Let it off one requirement."""
    shop, form = shop_of(slug), WaiverForm(request.POST)
    if not form.is_valid():
        return page_of(request, shop, status=422, waiver=form)
    return do(
        request, shop, lambda: joining.waive(shop, **form.cleaned_data, by=request.user), _("%(shop)s is let off.")
    )


def do(request, shop: Shop, change, done: str):
    """Call the one function, say how it went, back to the shop."""
    try:
        change()
    except (joining.JoiningError, suspending.SuspendingError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done % {"shop": shop.name})
    return redirect("admission:shop", shop.slug)
