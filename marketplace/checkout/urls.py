"""The way from the basket to the private order page."""

from django.urls import path

from marketplace.checkout import code_page, helping, order_page, views

app_name = "checkout"

urlpatterns = [
    path("retrait/", views.ChoiceView.as_view(), name="choice"),
    path("verification/", views.ReviewView.as_view(), name="review"),
    path("paiement/retour/", views.payment_return, name="return"),
    path("partage/<str:key>/", helping.shared, name="shared"),
    path("<str:token>/", order_page.order, name="order"),
    path("<str:token>/payer/", order_page.pay, name="pay"),
    path("<str:token>/annuler/", order_page.cancel, name="cancel"),
    path("<str:token>/reprendre/", order_page.again, name="again"),
    path("<str:token>/code/", code_page.full_screen, name="code"),
    path("<str:token>/bon/", code_page.slip, name="slip"),
    path("<str:token>/prolonger/", helping.extend, name="extend"),
    path("<str:token>/partager/", helping.share, name="share"),
    path("<str:token>/reprendre-le-code/", helping.revoke, name="revoke"),
    path("<str:token>/aide/", helping.problem, name="problem"),
    path("<str:token>/agenda.ics", order_page.calendar, name="calendar"),
]
