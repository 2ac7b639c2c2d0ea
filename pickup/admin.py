"""The operators' back office for places and banks. Lives of collections are shown, never edited."""

from django.contrib import admin
from django.contrib.admin import ModelAdmin, TabularInline

from pickup import capacity, collections
from pickup.banks import configuring
from pickup.models import (
    Bank,
    BankCommand,
    BankEvent,
    Collection,
    Compartment,
    Extension,
    Leg,
    Point,
    Problem,
    Share,
    Zone,
)


class ReadOnly:
    """Rows that only their own functions may change."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Point)
class PointAdmin(ModelAdmin):
    list_display = ["name", "kind", "town", "host_shop", "is_active"]
    list_filter = ["kind", "is_active"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


class ZoneInline(TabularInline):
    model = Zone
    extra = 0
    readonly_fields = ["last_c"]


class CompartmentInline(TabularInline):
    model = Compartment
    extra = 0
    fields = ["label", "zone", "side", "column", "row", "size", "is_low", "address"]


@admin.register(Bank)
class BankAdmin(ModelAdmin):
    """Doors and zones; the capacity by class follows them."""

    list_display = ["code", "point", "last_seen_at"]
    readonly_fields = ["generation", "last_seen_at"]
    inlines = [ZoneInline, CompartmentInline]

    def get_object(self, request, object_id, from_field=None):
        """Locked before it is changed, as by its own reports and by orders: all of its numbers and doors are written anew."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST":
            return found
        return Bank.objects.select_for_update().get(pk=found.pk)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "deposit_lead_hours" in form.changed_data and change:
            collections.change_deposit_lead(obj)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        capacity.recount(form.instance)
        configuring.announce(form.instance)


class LegInline(ReadOnly, TabularInline):
    model = Leg
    extra = 0
    fields = ["temperature", "size", "volume_l", "status", "compartment"]


class ExtensionInline(ReadOnly, TabularInline):
    model = Extension
    extra = 0
    fields = ["previous_end", "new_end", "reason", "by", "at"]


class ShareInline(ReadOnly, TabularInline):
    model = Share
    extra = 0
    fields = ["name", "created_at", "revoked_at", "used_at", "was_used_after_withdrawal"]
    readonly_fields = ["was_used_after_withdrawal"]


@admin.register(Collection)
class CollectionAdmin(ReadOnly, ModelAdmin):
    list_display = ["order", "point", "status", "starts_at", "ends_at"]
    list_filter = ["status", "point"]
    search_fields = ["order__number"]
    list_select_related = ["order", "point"]
    inlines = [LegInline, ExtensionInline, ShareInline]


@admin.register(Problem)
class ProblemAdmin(ModelAdmin):
    """Reported by residents; a person answers once, and the answer is sent."""

    list_display = ["collection", "kind", "status", "reported_at", "answer_by", "answered_at"]
    list_filter = ["status", "kind"]
    list_select_related = ["collection__point"]
    readonly_fields = [
        "collection",
        "leg",
        "compartment",
        "kind",
        "note",
        "status",
        "reported_at",
        "answer_by",
        "answered_at",
        "answered_by",
    ]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        answered = obj is not None and obj.status == Problem.Status.ANSWERED
        return not answered and super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        if form.cleaned_data["answer"].strip():
            collections.answer_problem(obj, answer=form.cleaned_data["answer"], by=request.user)


@admin.register(BankEvent)
class BankEventAdmin(ReadOnly, ModelAdmin):
    list_display = ["bank", "at", "type", "data", "problem"]
    list_filter = ["bank", "type"]
    list_select_related = ["bank__point"]


@admin.register(BankCommand)
class BankCommandAdmin(ReadOnly, ModelAdmin):
    list_display = ["bank", "issued_at", "type", "data", "by", "reason", "note", "outcome"]
    list_filter = ["bank", "type", "outcome"]
    list_select_related = ["bank__point", "by"]
