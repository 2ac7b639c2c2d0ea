"""What Oscar's order does not know of the resident who placed it."""

import secrets

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


def new_token() -> str:
    """256 bits: the address of the private order page."""
    return secrets.token_urlsafe(32)


class OrderDetails(models.Model):
    """The resident, the language, and the private address of one order.

    The token stands here as it is, because each mail of the order names the address again; whoever reads this table
    reads the orders anyway. `basket` is unique: one basket becomes one order, whatever is clicked twice.
    """

    order = models.OneToOneField("order.Order", on_delete=models.CASCADE, related_name="details")
    basket = models.OneToOneField("basket.Basket", null=True, on_delete=models.SET_NULL, related_name="+")
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=8)
    visitor = models.CharField(max_length=64, blank=True, db_index=True, editable=False)  # see checkout.unpaid

    class Meta:
        verbose_name = _("details of an order")
        verbose_name_plural = _("details of orders")

    def __str__(self):
        return f"{self.order.number}: {self.name}"

    def get_absolute_url(self):
        return reverse("checkout:order", args=[self.token])
