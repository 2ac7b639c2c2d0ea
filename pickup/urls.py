"""Addresses of collection: public points, operators, counters."""

from django.urls import path

from pickup import views

app_name = "pickup"
urlpatterns = [
    path("points-de-retrait/", views.points, name="points"),
    path("exploitation/", views.wall_page, name="wall"),
    path("exploitation/casiers/<int:pk>/bloquer/", views.block, name="block"),
    path("exploitation/casiers/<int:pk>/remettre/", views.unblock, name="unblock"),
    path("exploitation/casiers/<int:pk>/vider/", views.clear, name="clear"),
    path("exploitation/comptoir/<slug:slug>/", views.counter, name="counter"),
    path("exploitation/comptoir/<slug:slug>/depot/<int:pk>/", views.counter_deposit, name="counter-deposit"),
]
