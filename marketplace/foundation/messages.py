"""Messages to people: each is a row written with the fact it tells of, sent afterwards, once."""

import logging
from datetime import timedelta
from email.utils import make_msgid

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 12


class MessageQuerySet(models.QuerySet):
    """Vocabulary of messages."""

    def due(self, now=None):
        """Not sent yet and their time has come."""
        return self.filter(sent_at=None, attempts__lt=MAX_ATTEMPTS, try_at__lte=now or timezone.now()).order_by("pk")


class Message(models.Model):
    """One mail to one person. `key` is unique: the same fact owes the same message only once."""

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    to = models.EmailField()
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    try_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["try_at"], condition=models.Q(sent_at=None), name="message_due")]

    def __str__(self):
        return f"{self.kind} to {self.to}"


def owe(kind: str, *, key: str, to: str, language: str, context: dict) -> bool:
    """Write the message `kind` from the template `mail/<kind>.txt`, whose first line is the subject; HTML is made of it.

    False when a message with this `key` is owed or sent already, or when there is no address. Call it inside the
    transaction of the fact it tells of.
    """
    if not to or Message.objects.filter(key=key).exists():
        return False
    context = {"market_name": settings.MARKET_NAME, "site_url": settings.SITE_URL, "is_demo": settings.DEMO, **context}
    with translation.override(language):
        subject, _, text = render_to_string(f"mail/{kind}.txt", context).strip().partition("\n")
        html = render_to_string("mail/layout.html", context | {"subject": subject, "body": text.strip()})
    message = Message(
        key=key,
        kind=kind,
        to=to,
        language=language,
        subject=" ".join(subject.strip().splitlines())[:200],  # names that people typed may hold line breaks
        text=text.strip() + "\n",
        html=html,
        message_id=make_msgid(domain="halles.local"),
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)  # of two callers at once, one writes
    return True


def send_due(*, limit: int = 100) -> int:
    """Send due messages one by one; the number sent.

    A row is claimed by moving `try_at` forward before the mail server is asked, so two workers never send the same one;
    a worker killed between sending and noting repeats once, with the same Message-ID.
    """
    sent = 0
    connection = get_connection()
    for message in Message.objects.due()[:limit]:
        wait = timedelta(minutes=min(2**message.attempts, 240))
        claimed = Message.objects.filter(pk=message.pk, sent_at=None, attempts=message.attempts).update(
            attempts=message.attempts + 1, try_at=timezone.now() + wait
        )
        if not claimed:
            continue
        mail = EmailMultiAlternatives(
            message.subject,
            message.text,
            to=[message.to],
            headers={"Message-ID": message.message_id},
            connection=connection,
        )
        if message.html:
            mail.attach_alternative(message.html, "text/html")
        try:
            mail.send()
        # smtplib's errors are OSErrors: the provider is down or refuses. ValueError: no mail can be addressed like that.
        except (OSError, ValueError) as error:
            logger.warning("Message %s was not sent: %s", message.pk, error)
            Message.objects.filter(pk=message.pk).update(error=str(error)[:300])
            continue
        with transaction.atomic():
            Message.objects.filter(pk=message.pk).update(sent_at=timezone.now(), error="")
        sent += 1
    return sent
