"""The basket."""

from django.urls import path

from shops import basket

app_name = "basket"

urlpatterns = [
    path("", basket.summary, name="summary"),
    path("ajouter/", basket.add, name="add"),
    path("modifier/", basket.update, name="update"),
    path("nombre/", basket.badge, name="badge"),
]
