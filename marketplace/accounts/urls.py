"""Signing in and out, and a resident's own orders."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from marketplace.accounts import views

account_patterns = (
    [path("mon-compte/", views.after_login, name="after_login"), path("mes-commandes/", views.orders, name="orders")],
    "accounts",
)

urlpatterns = [
    path("connexion/", views.SignIn.as_view(), name="login"),
    path("deconnexion/", LogoutView.as_view(), name="logout"),
    path("", include(account_patterns)),
]
