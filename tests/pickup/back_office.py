"""A bank's form of the back office, filled in as it is shown."""

from django.test import Client
from django.urls import reverse

from pickup.models import Bank


def save(client: Client, bank: Bank, **changed):
    """Open the form, change these fields of the bank, and send it; the answer."""
    address = reverse("admin:pickup_bank_change", args=[bank.pk])
    return client.post(address, {**_shown(client.get(address)), **changed})


def _shown(page) -> dict:
    formsets = [inline.formset for inline in page.context["inline_admin_formsets"]]
    forms = [page.context["adminform"].form]
    forms += [form for formset in formsets for form in (formset.management_form, *formset.forms)]
    values = {form.add_prefix(name): form[name].value() for form in forms for name in form.fields}
    return {name: value for name, value in values.items() if value is not None}
