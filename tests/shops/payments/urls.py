"""The few addresses that payments need: their own, and the checkout's return page."""

from django.http import HttpResponse
from django.urls import include, path

from shops.payments.webhooks import stripe_webhook

checkout = ([path("retour/", lambda request: HttpResponse("back"), name="return")], "checkout")

urlpatterns = [
    path("webhooks/stripe/", stripe_webhook, name="stripe-webhook"),
    path("demo/stripe/", include("shops.payments.fake.urls")),
    path("commande/paiement/", include(checkout)),
]
