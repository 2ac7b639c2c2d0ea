"""Addresses of the fake Stripe, mounted at /demo/stripe/ in demo mode only."""

from django.urls import path

from shops.payments.fake import views

app_name = "payments_fake"

urlpatterns = [
    path("", views.console, name="console"),
    path("faults/", views.order_fault, name="order_fault"),
    path("accounts/<str:account_id>/", views.set_capability, name="set_capability"),
    path("charges/<str:charge_id>/dispute/", views.dispute, name="dispute"),
    path("api/<path:path>", views.api_view, name="api"),
    path("pay/<str:session_id>/", views.pay, name="pay"),
    path("pay/<str:session_id>/3ds/", views.three_d_secure, name="three_d_secure"),
    path("onboarding/<str:link_id>/", views.onboard, name="onboard"),
]
