"""How a shop comes, what it has agreed to, and why it was taken off the site."""

import hashlib

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shops.models.shop import Shop, validate_siret

SHA256_DIGITS = 64
validate_postcode = RegexValidator(r"^[0-9]{5}$", _("A postcode has 5 digits."))
validate_phone = RegexValidator(
    r"^\+?[0-9](?:[ .()-]{0,2}[0-9]){8,14}$", _("Please give the phone number with all its digits.")
)


class Application(models.Model):
    """Somebody wants to sell here. Until the link in the mail was followed it is a wish, and binds nobody to anything."""

    email = models.EmailField(_("e-mail address"))
    first_name = models.CharField(_("first name"), max_length=100)
    last_name = models.CharField(_("last name"), max_length=100)
    shop_name = models.CharField(_("name of the shop"), max_length=100)
    trade = models.CharField(_("trade"), max_length=20, choices=Shop.Trade)
    siret = models.CharField(_("SIRET number"), max_length=14, validators=[validate_siret])
    street = models.CharField(_("street and number"), max_length=160)
    postcode = models.CharField(_("postcode"), max_length=5, validators=[validate_postcode])
    town = models.CharField(_("town"), max_length=80)
    language = models.CharField(max_length=8)
    sent_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    shop = models.OneToOneField(Shop, null=True, blank=True, on_delete=models.SET_NULL, related_name="application")

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")

    def __str__(self):
        return f"{self.shop_name} ({self.siret})"


class ContractVersion(models.Model):
    """One text that shops agree to. Written once: who wants other words publishes the next version.

    The version in force is the one with the latest `valid_from` that has come. A change of the terms is announced at least
    15 days before (Regulation (EU) 2019/1150 art. 3(2)).
    """

    class Kind(models.TextChoices):
        TERMS = "terms", _("contract between the shop and the marketplace")
        MANDATE = "mandate", _("invoicing mandate")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    number = models.CharField(_("version"), max_length=20)
    text = models.TextField(_("text"))
    valid_from = models.DateField(_("in force from"))
    published_at = models.DateTimeField(_("published"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["kind", "valid_from"]
        verbose_name = _("contract text")
        verbose_name_plural = _("contract texts")
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="contract_number_once"),
            models.UniqueConstraint(fields=["kind", "valid_from"], name="contract_day_once"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.number}"

    @property
    def sha256(self) -> str:
        """The fingerprint of exactly this text."""
        return hashlib.sha256(f"{self.kind}\n{self.number}\n{self.text}".encode()).hexdigest()


class ContractAcceptance(models.Model):
    """An owner has agreed to a version: who, when, and to which words. Never changed."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="acceptances")
    version = models.ForeignKey(ContractVersion, on_delete=models.PROTECT, related_name="acceptances")
    sha256 = models.CharField(max_length=SHA256_DIGITS)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=210)
    accepted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["accepted_at"]
        constraints = [models.UniqueConstraint(fields=["shop", "version"], name="contract_accepted_once")]

    def __str__(self):
        return f"{self.shop}: {self.version}"


class Waiver(models.Model):
    """The people who open shops let one off a requirement, and say why."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="waivers")
    requirement = models.CharField(max_length=20)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "requirement"], name="waiver_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="waiver_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.shop}: {self.requirement}"


class Suspension(models.Model):
    """A shop is taken off the site: the statement of reasons (Regulation (EU) 2019/1150 art. 4), the appeal, the end.

    The shop may answer once; somebody else than who suspended decides on it, and says why.
    """

    class Ground(models.TextChoices):
        IDENTITY = "identity", _("the information about the trader is wrong or missing")
        CONTRACT = "contract", _("the contract was broken or not accepted")
        ORDERS = "orders", _("orders were repeatedly not answered or not brought")
        TAX = "tax", _("warning from the tax office")
        ILLEGAL = "illegal", _("goods that may not be sold")
        SAFETY = "safety", _("danger to health or safety")
        AUTHORITY = "authority", _("order of a court or an authority")

    # Residents must not receive such goods: what the shop has not answered yet is refused, and costs them nothing.
    REFUSES_ORDERS = (Ground.ILLEGAL, Ground.SAFETY)

    class Decision(models.TextChoices):
        LIFTED = "lifted", _("the suspension ends")
        UPHELD = "upheld", _("the suspension stays")

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="suspensions")
    ground = models.CharField(_("ground"), max_length=10, choices=Ground)
    reasons = models.TextField(_("facts and reasons"), max_length=3000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    starts_at = models.DateTimeField(_("takes effect"), default=timezone.now)
    begun_at = models.DateTimeField(null=True, blank=True)

    appeal = models.TextField(_("your answer"), max_length=3000, blank=True)
    appealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    appealed_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=6, choices=Decision, blank=True)
    decision_reasons = models.TextField(_("reasons of the decision"), max_length=3000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.CharField(_("why it ends"), max_length=300, blank=True)

    class Meta:
        ordering = ["-decided_at"]
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        constraints = [
            models.UniqueConstraint(fields=["shop"], condition=Q(ended_at=None), name="suspension_one_at_a_time"),
            models.CheckConstraint(condition=~Q(reasons=""), name="suspension_has_reasons"),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("by")), name="appeal_answered_by_another"
            ),
        ]

    def __str__(self):
        return f"{self.shop}: {self.get_ground_display()}"
