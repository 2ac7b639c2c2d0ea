"""Addresses for the people who open shops. Everything goes through `shops.permissions.opens_shops`."""

from django.urls import path

from shops.admission import suspensions, views

app_name = "admission"

urlpatterns = [
    path("", views.shops, name="shops"),
    path("<slug:slug>/", views.shop, name="shop"),
    path("<slug:slug>/ouvrir/", views.open_shop, name="open"),
    path("<slug:slug>/renvoyer/", views.send_back, name="send_back"),
    path("<slug:slug>/dispenser/", views.waive, name="waive"),
    path("<slug:slug>/suspendre/", suspensions.suspend, name="suspend"),
    path("<slug:slug>/decider/", suspensions.decide, name="decide"),
    path("<slug:slug>/rouvrir/", suspensions.reopen, name="reopen"),
]
