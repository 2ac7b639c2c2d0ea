"""Signing in and out, choosing a password, and a resident's own orders."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from marketplace.accounts import views

account_patterns = (
    [
        path("mon-compte/", views.after_login, name="after_login"),
        path("mes-commandes/", views.orders, name="orders"),
        path("mot-de-passe/", views.ForgottenPassword.as_view(), name="forgotten_password"),
        path("mot-de-passe/envoye/", views.link_sent, name="link_sent"),
        path("mot-de-passe/<uidb64>/<token>/", views.ChoosePassword.as_view(), name="choose_password"),
    ],
    "accounts",
)

urlpatterns = [
    path("connexion/", views.SignIn.as_view(), name="login"),
    path("deconnexion/", LogoutView.as_view(), name="logout"),
    path("", include(account_patterns)),
]
