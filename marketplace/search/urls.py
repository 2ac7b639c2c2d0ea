"""The search page; base.html calls it by its bare name."""

from django.urls import path

from marketplace.search import views

urlpatterns = [path("", views.search, name="search")]
