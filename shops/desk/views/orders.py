"""The board and one order: answer, pack, deposit."""

from uuid import uuid5

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from shops import orders, taps
from shops.desk import bags, hooks, refund_limits, refunding
from shops.desk import board as boards
from shops.desk import labels as bag_labels
from shops.desk.answering import AnswerForm, ReadyForm, RefusalForm
from shops.desk.views.tapping import answer, attempt, key_of
from shops.desk.weighing import WeighForm
from shops.models import BagSize, ShopOrder, Temperature
from shops.permissions import Role, shop_staff
from shops.taps import Outcome

Status = ShopOrder.Status


@shop_staff(Role.HELPER)
@require_GET
def board(request, shop):
    """The work to do, most urgent first."""
    return render(request, "shops/desk/board.html", _board_context(request, shop))


@shop_staff(Role.HELPER)
@require_GET
def board_fragment(request, shop):
    """The board without its page, for the refresh."""
    return render(request, "shops/desk/board_fragment.html", _board_context(request, shop))


@shop_staff(Role.HELPER)
@require_GET
def worker(request, shop):
    """The service worker that keeps the board readable without network. It serves what lies below its own address: this desk."""
    return render(request, "shops/desk/worker.js", {"shop": shop}, content_type="text/javascript; charset=utf-8")


def _board_context(request, shop) -> dict:
    board = boards.board(shop, whole=request.GET.get("tout", ""))
    sizes = BagSize.choices
    return {"shop": shop, "board": board, "section": "board", "most_bags": orders.MAX_BAGS, "sizes": sizes}


@shop_staff(Role.HELPER)
@require_POST
def accept_new(request, shop):
    """Accept all new orders that the page showed; those which came since stay new, those answered meanwhile are named."""
    shown = [
        int(text) for text in request.POST.getlist("order") if text.isascii() and text.isdigit() and len(text) < 19
    ]
    tap, theirs = key_of(request), boards.on_desk(shop).filter(pk__in=shown).order_by("order_id")
    outcomes = [_accepted(request, shop, each, key=uuid5(tap, str(each.pk)) if tap else None) for each in theirs]
    accepted = sum(outcome.done for outcome in outcomes)
    late = len(outcomes) - accepted
    told = []
    if accepted:
        text = ngettext("%(count)s order accepted.", "%(count)s orders accepted.", accepted)
        told.append(Outcome(True, text % {"count": accepted}))
    if late:
        text = ngettext(
            "%(count)s order was already answered or cancelled: nothing has changed there.",
            "%(count)s orders were already answered or cancelled: nothing has changed there.",
            late,
        )
        told.append(Outcome(False, text % {"count": late}))
    return answer(request, *told, to=reverse("desk:board", args=[shop.slug]))


def _accepted(request, shop, shop_order, *, key) -> Outcome:
    words = _("Order %(number)s accepted.") % {"number": shop_order.number}
    return taps.once(
        shop,
        key=key,
        deed=f"accept {shop_order.pk}",
        action=lambda: attempt(shop_order, lambda: orders.accept_all(shop_order, by=request.user), words=words),
    )


@shop_staff(Role.HELPER)
@require_POST
def accept(request, shop, pk):
    """Accept one order with all its lines."""
    shop_order = get_object_or_404(boards.on_desk(shop), pk=pk)
    outcome = _accepted(request, shop, shop_order, key=key_of(request))
    return answer(request, outcome, to=reverse("desk:board", args=[shop.slug]) + "#preparing")


@shop_staff(Role.HELPER)
@require_POST
def refuse(request, shop, pk):
    """Give nothing of one order, with the reason that the resident reads."""
    shop_order = get_object_or_404(boards.on_desk(shop), pk=pk)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        outcome = Outcome(False, form.errors["reason"][0])
        return answer(request, outcome, to=reverse("desk:order", args=[shop.slug, pk]))
    words = _("Order %(number)s is refused.") % {"number": shop_order.number}
    outcome = taps.once(
        shop,
        key=key_of(request),
        deed=f"refuse {pk}",
        action=lambda: attempt(
            shop_order, lambda: orders.refuse_all(shop_order, reason=form.words(), by=request.user), words=words
        ),
    )
    return answer(request, outcome, to=reverse("desk:board", args=[shop.slug]))


@shop_staff(Role.HELPER)
def order(request, shop, pk):
    """One order; while it is new, the answer line by line."""
    shop_order = get_object_or_404(boards.on_desk(shop), pk=pk)
    form = None
    if shop_order.status == Status.AWAITING:
        form = AnswerForm(request.POST or None, shop_order=shop_order)
        if request.method == "POST" and form.is_valid():
            try:
                return _answered(request, shop, shop_order, form)
            except orders.NotOffered as error:  # somebody bought it, or changed it, at this moment
                form.add_error(None, str(error))
    elif request.method == "POST":
        messages.error(request, str(orders.AlreadyAnswered()))
        return redirect("desk:order", shop.slug, pk)
    return _order_page(request, shop, shop_order, form=form)


def _answered(request, shop, shop_order, form):
    answered = {"accepted": form.accepted(), "reasons": form.reasons(), "grams": form.grams(), "offers": form.offers()}
    outcome = attempt(
        shop_order,
        lambda: orders.answer(shop_order, **answered, by=request.user),
        words=_("Your answer for order %(number)s is saved.") % {"number": shop_order.number},
    )
    _tell_of_heavy(request, shop_order, answered["grams"])
    return answer(request, outcome, to=reverse("desk:board", args=[shop.slug]))


def _order_page(request, shop, shop_order, *, form=None, weigh_form=None):
    where = hooks.whereabouts([shop_order]).get(shop_order.pk)
    context = {
        "shop": shop,
        "section": "board",
        "weigh_form": weigh_form,
        "typed_bags": request.POST.get("bags", "")[:4],
        "card": boards.card(shop_order, where, now=timezone.now()),
        "form": form,
        "refusal": RefusalForm(),
        "most_bags": orders.MAX_BAGS,
        "sizes": BagSize.choices,
        "can_pack": shop_order.status in (Status.CONFIRMED, Status.PARTLY, Status.READY),
        "history": _history(shop, shop_order),
        "refunds": shop_order.refunds.prefetch_related("lines__line"),
        "can_refund": not (refunding.hindrance(shop_order) or refund_limits.hindrance(request.staff)),
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
    weigh_form = WeighForm(request.POST, shop_order=shop_order)
    if key_of(request) is None and not weigh_form.is_valid():
        return _order_page(request, shop, shop_order, weigh_form=weigh_form)
    wrong = [
        f"{form.fields[name].label}: {texts[0]}" for form in (form, weigh_form) for name, texts in form.errors.items()
    ]
    if wrong:
        return answer(request, Outcome(False, wrong[0]), to=reverse("desk:order", args=[shop.slug, pk]))
    packed = form.cleaned_data | {"grams": weigh_form.grams()}
    outcome = taps.once(
        shop,
        key=key_of(request),
        deed=f"ready {pk}",
        action=lambda: attempt(shop_order, lambda: orders.mark_ready(shop_order, **packed, by=request.user)),
    )
    _tell_of_heavy(request, shop_order, packed["grams"])
    page = "desk:deposit_code" if outcome.done else "desk:order"
    return answer(request, outcome, to=reverse(page, args=[shop.slug, pk]))


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
        "now": timezone.now(),
        "where": hooks.whereabouts([shop_order]).get(shop_order.pk),
        "warnings": bags.warnings(shop_order),
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
        "labels": bag_labels.labels(shop_order, spread=form.bags()),
        "promise": hooks.promise(shop_order),
        "form": form if len(form.fields) > 1 else None,
        "papers": bag_labels.PAPERS,
        "paper": papers.get(request.session.get("label_paper", ""), bag_labels.PAPERS[0]),
    }
    return render(request, "shops/desk/labels.html", context)


def _tell_of_heavy(request, shop_order, grams: dict[int, int]) -> None:
    """The shop gives what a piece weighs above the ceiling."""
    for line in shop_order.lines.filter(pk__in=grams):
        if line.at_ceiling:
            text = _("“%(title)s” weighs more than announced: the resident pays the most they were told, not more.")
            messages.warning(request, text % {"title": line.title})
