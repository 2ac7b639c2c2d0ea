"""Choosing products, shops and categories for a page: read only, with what residents may see anyway.

Nothing of the shops is registered with Wagtail: an editor can point at a product, never open, change or create one.
"""

from django import forms
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet

from shops.models import ProductSheet, Shop

Category = get_model("catalogue", "Category")


class SearchForm(BaseFilterForm):
    """One search field over the columns named in `search_in`: plain lookups, so the models need no search index."""

    search_in: tuple[str, ...] = ()

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"placeholder": _("Search")}))

    def filter(self, objects):
        objects = super().filter(objects)
        wanted = self.cleaned_data.get("q")
        if not wanted:
            return objects
        self.is_searching, self.search_query = True, wanted
        condition = Q()
        for column in self.search_in:
            condition |= Q(**{f"{column}__icontains": wanted})
        return objects.filter(condition)


class ProductSearch(SearchForm):
    search_in = ("product__title", "shop__name", "reference", "ean")


class ShopSearch(SearchForm):
    search_in = ("name", "tagline")


class CategorySearch(SearchForm):
    search_in = ("name",)


def products():
    """What may be shown on a page: on sale now. What sells out later drops out of the shelf by itself."""
    return ProductSheet.objects.on_sale().with_all().order_by("product__title", "pk")


def shops():
    """Shops that residents see."""
    return Shop.objects.public().order_by("name")


def categories():
    """Categories that residents see, in the order of their tree."""
    return Category.objects.browsable().order_by("path")


class _Choosable:
    """Lists and accepts only rows of `choosable()`."""

    choosable = None

    def get_object_list(self):
        return type(self).choosable()


class _ChosenOnly:
    """Answers for rows of `choosable()` only; any other row does not exist for an editor."""

    choosable = None

    def get_object(self, pk):
        row = type(self).choosable().filter(pk=pk).first() if pk.isdigit() else None
        if row is None:
            raise Http404
        return row

    def get_objects(self, pks):
        return type(self).choosable().filter(pk__in=[pk for pk in pks if pk.isdigit()])


class ReadOnlyChooser(ChooserViewSet):
    """A chooser over `choosable()` without the view that creates."""

    choosable = None
    search_form = SearchForm
    register_widget = True

    def _own(self, base, *mixins, **attributes):
        return type(base.__name__, (*mixins, base), {"choosable": staticmethod(type(self).choosable), **attributes})

    @property
    def choose_view_class(self):
        return self._own(chooser.ChooseView, _Choosable, filter_form_class=self.search_form)

    @property
    def choose_results_view_class(self):
        return self._own(chooser.ChooseResultsView, _Choosable, filter_form_class=self.search_form)

    @property
    def chosen_view_class(self):
        return self._own(chooser.ChosenView, _ChosenOnly)

    @property
    def chosen_multiple_view_class(self):
        return self._own(chooser.ChosenMultipleView, _ChosenOnly)

    def get_urlpatterns(self):
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]


class ProductChooser(ReadOnlyChooser):
    model = ProductSheet
    choosable = staticmethod(products)
    search_form = ProductSearch
    icon = "tag"
    choose_one_text = _("Choose a product")
    choose_another_text = _("Choose another product")


class ShopChooser(ReadOnlyChooser):
    model = Shop
    choosable = staticmethod(shops)
    search_form = ShopSearch
    icon = "home"
    choose_one_text = _("Choose a shop")
    choose_another_text = _("Choose another shop")


class CategoryChooser(ReadOnlyChooser):
    model = Category
    choosable = staticmethod(categories)
    search_form = CategorySearch
    icon = "folder-open-inverse"
    choose_one_text = _("Choose a category")
    choose_another_text = _("Choose another category")


product_chooser = ProductChooser("choose_product", url_prefix="choose-product")
shop_chooser = ShopChooser("choose_shop", url_prefix="choose-shop")
category_chooser = CategoryChooser("choose_category", url_prefix="choose-category")

ProductChooserBlock = product_chooser.get_block_class(name="ProductChooserBlock", module_path="cms.choosers")
ShopChooserBlock = shop_chooser.get_block_class(name="ShopChooserBlock", module_path="cms.choosers")
CategoryChooserBlock = category_chooser.get_block_class(name="CategoryChooserBlock", module_path="cms.choosers")
