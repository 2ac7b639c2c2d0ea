"""What operators see of shops, goods and orders: everything, and change little. Money and states have their own doors."""

from django import forms
from django.contrib import admin

from shops import contracts
from shops.models import (
    Closure,
    ContractAcceptance,
    ContractVersion,
    ProductSheet,
    Shop,
    ShopOrder,
    ShopOrderLine,
    ShopStaff,
)


class ReadOnly:
    """Looked at, never written: other functions own these rows."""

    def has_add_permission(self, request, *args):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class StaffInline(admin.TabularInline):
    """People of the shop."""

    model = ShopStaff
    extra = 0
    fields = ["user", "role", "is_active"]
    raw_id_fields = ["user"]


class ClosureInline(admin.TabularInline):
    """Days off."""

    model = Closure
    extra = 0


@admin.register(Shop)
class ShopAdmin(admin.ModelAdmin):
    """Law and money of a shop are the operator's; Stripe tells whether it can be paid, `shops.joining` whether it is open."""

    list_display = ["name", "trade", "status", "transfers_active", "paused_until"]
    list_filter = ["status", "transfers_active", "trade"]
    search_fields = ["name", "legal_name", "siret", "email"]
    readonly_fields = [
        "uuid", "status", "stripe_account", "transfers_active", "certified_at", "certified_by", "created_at",
        "hours_confirmed_at", "rehearsed_at",
    ]  # fmt: skip
    exclude = ["partner"]
    inlines = [StaffInline, ClosureInline]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(ProductSheet)
class ProductSheetAdmin(ReadOnly, admin.ModelAdmin):
    """Goods are written at the shop's desk."""

    list_display = ["title", "shop", "reference", "ean", "price", "left", "updated_at"]
    list_filter = ["temperature", "shop"]
    list_select_related = ["product", "stock", "shop"]
    search_fields = ["product__title", "reference", "ean"]


class LineInline(ReadOnly, admin.TabularInline):
    """Lines with the shop's answer."""

    model = ShopOrderLine
    fields = ["title", "quantity", "unit_price", "accepted_quantity", "weighed_g", "refusal"]
    extra = 0


@admin.register(ShopOrder)
class ShopOrderAdmin(ReadOnly, admin.ModelAdmin):
    """Where an order stands; the desk, the bank and the deadlines move it."""

    list_display = ["number", "shop", "status", "total", "answer_by", "deposit_by", "bags"]
    list_filter = ["status", "shop"]
    list_select_related = ["shop"]
    search_fields = ["number", "order__number"]
    date_hierarchy = "created_at"
    inlines = [LineInline]


class VersionForm(forms.ModelForm):
    """A new text; the notice that shops are owed is checked before it is published."""

    class Meta:
        model = ContractVersion
        fields = ["kind", "number", "text", "valid_from"]

    def clean(self):
        cleaned = super().clean()
        if {"kind", "valid_from"} <= cleaned.keys():
            try:
                contracts.check_notice(cleaned["kind"], cleaned["valid_from"])
            except contracts.ContractError as error:
                self.add_error("valid_from", str(error))
        return cleaned


@admin.register(ContractVersion)
class ContractVersionAdmin(admin.ModelAdmin):
    """Published once, announced to every owner, never changed."""

    form = VersionForm
    list_display = ["kind", "number", "valid_from", "published_at"]
    list_filter = ["kind"]

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        published = contracts.publish(**form.cleaned_data)
        obj.pk = published.pk


@admin.register(ContractAcceptance)
class ContractAcceptanceAdmin(ReadOnly, admin.ModelAdmin):
    """Who has agreed to what, and when."""

    list_display = ["shop", "version", "by_name", "accepted_at"]
    list_filter = ["version"]
    list_select_related = ["shop", "version"]
    search_fields = ["shop__name", "by_name"]
