"""Addresses of the basket. The namespace is Oscar's, whose models and redirects reverse `basket:summary`."""

from django.urls import path

from shops import basket_views

app_name = "basket"

urlpatterns = [
    path("", basket_views.summary, name="summary"),
    path("ajouter/", basket_views.add, name="add"),
    path("modifier/", basket_views.update, name="update"),
    path("mettre-de-cote/", basket_views.settle, name="settle"),
    path("nombre/", basket_views.badge, name="badge"),
]
