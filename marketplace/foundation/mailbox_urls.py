"""The demo's mailbox."""

from django.urls import path

from marketplace.foundation import mailbox

app_name = "demo"

urlpatterns = [
    path("messagerie/", mailbox.inbox, name="mailbox"),
    path("messagerie/<int:pk>/", mailbox.message, name="message"),
]
