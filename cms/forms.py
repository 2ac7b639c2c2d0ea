"""Forms of Wagtail's admin with our rules."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms.pages import CopyForm, WagtailAdminPageForm

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


class TextPageForm(WagtailAdminPageForm):
    """Only a page right below the home page can have a purpose, and each purpose has one page in a language."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.parent_page.specific_class.__name__ != "HomePage":
            self.fields.pop("purpose", None)

    def clean_purpose(self):
        purpose = self.cleaned_data["purpose"]
        siblings = type(self.instance).objects.child_of(self.parent_page).filter(purpose=purpose)
        if purpose and siblings.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Another page has this purpose already."))
        return purpose
