"""The way from the basket to the private order page."""

from django.urls import path

from marketplace.checkout import code_page, helping, order_page, replacing, views

app_name = "checkout"

urlpatterns = [
    path("retrait/", views.ChoiceView.as_view(), name="choice"),
    path("verification/", views.ReviewView.as_view(), name="review"),
    path("paiement/retour/", views.payment_return, name="return"),
    path("partage/<str:key>/", helping.shared, name="shared"),
    path("<slug:token>/", order_page.order, name="order"),
    path("<slug:token>/payer/", order_page.pay, name="pay"),
    path("<slug:token>/annuler/", order_page.cancel, name="cancel"),
    path("<slug:token>/reprendre/", order_page.again, name="again"),
    path("<slug:token>/remplacement/", replacing.choose, name="replacement"),
    path("<slug:token>/code/", code_page.full_screen, name="code"),
    path("<slug:token>/bon/", code_page.slip, name="slip"),
    path("<slug:token>/prolonger/", helping.extend, name="extend"),
    path("<slug:token>/partager/", helping.share, name="share"),
    path("<slug:token>/reprendre-le-code/", helping.revoke, name="revoke"),
    path("<slug:token>/aide/", helping.problem, name="problem"),
    path("<slug:token>/agenda.ics", order_page.calendar, name="calendar"),
]
