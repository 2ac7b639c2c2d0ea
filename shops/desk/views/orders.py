"""The board and one order: answer, pack, deposit."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from marketplace.foundation.lifecycle import ForbiddenMove
from shops import orders
from shops.desk import board as boards
from shops.desk import hooks, refunding
from shops.desk import labels as bag_labels
from shops.desk.forms import AnswerForm, ReadyForm, RefusalForm
from shops.models import ShopOrder, Temperature
from shops.permissions import Role, may, shop_staff

Status = ShopOrder.Status


@shop_staff(Role.HELPER)
@require_GET
def board(request, shop):
    """The work to do, most urgent first."""
    return render(request, "shops/desk/board.html", _board_context(shop))


@shop_staff(Role.HELPER)
@require_GET
def board_fragment(request, shop):
    """The board without its page, for the refresh."""
    return render(request, "shops/desk/board_fragment.html", _board_context(shop))


def _board_context(shop) -> dict:
    return {"shop": shop, "board": boards.board(shop), "section": "board", "most_bags": orders.MAX_BAGS}


@shop_staff(Role.HELPER)
@require_POST
def accept_new(request, shop):
    """Accept all new orders that the page showed; those which came since stay new, those answered meanwhile are named."""
    shown = [
        int(text) for text in request.POST.getlist("order") if text.isascii() and text.isdigit() and len(text) < 19
    ]
    theirs = list(boards.on_desk(shop).filter(pk__in=shown))
    accepted = [each for each in theirs if _accepted(each, by=request.user)]
    late = len(theirs) - len(accepted)
    if accepted:
        text = ngettext("%(count)s order accepted.", "%(count)s orders accepted.", len(accepted))
        messages.success(request, text % {"count": len(accepted)})
    if late:
        text = ngettext(
            "%(count)s order was already answered or cancelled: nothing has changed there.",
            "%(count)s orders were already answered or cancelled: nothing has changed there.",
            late,
        )
        messages.error(request, text % {"count": late})
    return redirect("desk:board", shop.slug)


def _accepted(shop_order, *, by) -> bool:
    """Whether this call accepted it; False when somebody, or its deadline, was faster."""
    try:
        orders.accept_all(shop_order, by=by)
    except orders.OrderError:
        return False
    return True


@shop_staff(Role.HELPER)
@require_POST
def accept(request, shop, pk):
    """Accept one order with all its lines."""
    shop_order = get_object_or_404(boards.on_desk(shop), pk=pk)
    if _tell(request, lambda: orders.accept_all(shop_order, by=request.user)):
        messages.success(request, _("Order %(number)s accepted.") % {"number": shop_order.number})
    return redirect(reverse("desk:board", args=[shop.slug]) + "#preparing")


@shop_staff(Role.HELPER)
@require_POST
def refuse(request, shop, pk):
    """Give nothing of one order, with the reason that the resident reads."""
    shop_order = get_object_or_404(boards.on_desk(shop), pk=pk)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["reason"][0])
        return redirect("desk:order", shop.slug, pk)
    if _tell(request, lambda: orders.refuse_all(shop_order, reason=form.words(), by=request.user)):
        messages.success(request, _("Order %(number)s is refused.") % {"number": shop_order.number})
    return redirect("desk:board", shop.slug)


@shop_staff(Role.HELPER)
def order(request, shop, pk):
    """One order; while it is new, the answer line by line."""
    shop_order = get_object_or_404(boards.on_desk(shop), pk=pk)
    form = None
    if shop_order.status == Status.AWAITING:
        form = AnswerForm(request.POST or None, shop_order=shop_order)
        if request.method == "POST" and form.is_valid():
            answered = _tell(
                request,
                lambda: orders.answer(shop_order, accepted=form.accepted(), reasons=form.reasons(), by=request.user),
            )
            if answered:
                messages.success(
                    request, _("Your answer for order %(number)s is saved.") % {"number": shop_order.number}
                )
            return redirect("desk:board", shop.slug)
    elif request.method == "POST":
        messages.error(request, str(orders.AlreadyAnswered()))
        return redirect("desk:order", shop.slug, pk)
    where = hooks.whereabouts([shop_order]).get(shop_order.pk)
    context = {
        "shop": shop,
        "section": "board",
        "card": boards.card(shop_order, where, now=timezone.now()),
        "form": form,
        "refusal": RefusalForm(),
        "most_bags": orders.MAX_BAGS,
        "can_pack": shop_order.status in (Status.CONFIRMED, Status.PARTLY, Status.READY),
        "history": _history(shop, shop_order),
        "refunds": shop_order.refunds.prefetch_related("lines__line"),
        "can_refund": may(request.staff, Role.MANAGER) and not refunding.hindrance(shop_order),
    }
    return render(request, "shops/desk/order.html", context)


def _history(shop, shop_order) -> list[dict]:
    """The moves of the order, with the names of the shop's own people and of nobody else."""
    colleagues = set(shop.staff.values_list("user_id", flat=True))
    return [
        {
            "at": change.at,
            "label": Status(change.current).label,
            "by": change.by.get_full_name() if change.by_id in colleagues else "",
        }
        for change in shop_order.history().select_related("by")
    ]


@shop_staff(Role.HELPER)
@require_POST
def ready(request, shop, pk):
    """The goods are packed."""
    shop_order = get_object_or_404(boards.on_desk(shop), pk=pk)
    form = ReadyForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"{form.fields['bags'].label}: {form.errors['bags'][0]}")
        return redirect("desk:order", shop.slug, pk)
    if _tell(request, lambda: orders.mark_ready(shop_order, bags=form.cleaned_data["bags"], by=request.user)):
        return redirect("desk:deposit_code", shop.slug, pk)
    return redirect("desk:order", shop.slug, pk)


@shop_staff(Role.HELPER)
@require_GET
def deposit_code(request, shop, pk):
    """What to show to the locker bank, big enough for its camera and for the eye."""
    shop_order = get_object_or_404(boards.on_desk(shop), pk=pk)
    context = {
        "shop": shop,
        "section": "board",
        "shop_order": shop_order,
        "codes": [(code, Temperature(code.temperature).label) for code in hooks.deposit_codes(shop_order)],
        "where": hooks.whereabouts([shop_order]).get(shop_order.pk),
    }
    return render(request, "shops/desk/deposit_code.html", context)


@shop_staff(Role.HELPER)
@require_GET
def labels(request, shop, pk):
    """One label per bag; the shop's kind of paper is remembered for the next order."""
    shop_order = get_object_or_404(boards.on_desk(shop).filter(bags__gt=0), pk=pk)
    papers = {paper.key: paper for paper in bag_labels.PAPERS}
    wanted = request.GET.get("paper", "")
    if wanted in papers:
        request.session["label_paper"] = wanted
    form = bag_labels.BagsForm(request.GET, shop_order=shop_order, most=orders.MAX_BAGS)
    context = {
        "shop": shop,
        "shop_order": shop_order,
        "labels": bag_labels.labels(shop_order, bags=form.bags()),
        "promise": hooks.promise(shop_order),
        "form": form if len(form.fields) > 1 else None,
        "papers": bag_labels.PAPERS,
        "paper": papers.get(request.session.get("label_paper", ""), bag_labels.PAPERS[0]),
    }
    return render(request, "shops/desk/labels.html", context)


def _tell(request, action) -> bool:
    """Do `action`; when the order no longer allows it, tell the person why. True when it was done."""
    try:
        action()
    except orders.OrderError as error:
        messages.error(request, str(error))
        return False
    except ForbiddenMove:
        messages.error(request, str(orders.AlreadyAnswered()))
        return False
    return True
