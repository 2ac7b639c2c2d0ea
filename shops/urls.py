"""Addresses of the shops' public pages."""

from django.urls import path

from shops import views

app_name = "shops"

urlpatterns = [
    path("boutiques/", views.shop_list, name="list"),
    path("boutiques/<slug:slug>/", views.shop_detail, name="detail"),
    path("rayons/", views.categories, name="categories"),
    path("rayons/<slug:slug>/", views.category, name="category"),
    path("produits/<slug:slug>-<key:pk>/", views.product, name="product"),
]
