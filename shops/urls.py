"""Addresses of the shops' public pages."""

from django.urls import path

from shops import applying_views, views

app_name = "shops"

urlpatterns = [
    path("vendre/", applying_views.apply, name="apply"),
    path("vendre/confirmer/<str:token>/", applying_views.confirm, name="confirm_application"),
    path("boutiques/", views.shop_list, name="list"),
    path("boutiques/<slug:slug>/", views.shop_detail, name="detail"),
    path("rayons/", views.categories, name="categories"),
    path("rayons/<slug:slug>/", views.category, name="category"),
    path("produits/<slug:slug>-<key:pk>/", views.product, name="product"),
]
