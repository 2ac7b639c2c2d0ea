"""Forms of Wagtail's admin with our rules."""

from django.core.exceptions import ValidationError
from wagtail.admin.forms.pages import CopyForm

from cms.addresses import validate_page_slug


class CopyPageForm(CopyForm):
    """Copying checks the new address as editing does."""

    def clean(self):
        cleaned = super().clean()
        try:
            validate_page_slug((cleaned or {}).get("new_slug", ""))
        except ValidationError as error:
            self.add_error("new_slug", error)
        return cleaned
