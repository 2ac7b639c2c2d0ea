"""Addresses of collection: public points, operators, counters."""

from django.urls import path

from pickup.views import alarms, cold, counters, figures, logbooks, problems, public, rounds, walls

app_name = "pickup"
urlpatterns = [
    path("points-de-retrait/", public.points, name="points"),
    path("exploitation/", walls.overview, name="wall"),
    path("exploitation/consignes/<int:pk>/", walls.bank, name="bank"),
    path("exploitation/consignes/<int:pk>/etat/", walls.bank_state, name="bank-state"),
    path("exploitation/casiers/<int:pk>/", walls.door, name="door"),
    path("exploitation/casiers/<int:pk>/bloquer/", walls.block, name="block"),
    path("exploitation/casiers/<int:pk>/remettre/", walls.unblock, name="unblock"),
    path("exploitation/casiers/<int:pk>/montrer/", walls.locate, name="locate"),
    path("exploitation/casiers/<int:pk>/ouvrir/", walls.open_door, name="open"),
    path("exploitation/casiers/<int:pk>/vider/", walls.clearing_code, name="clearing-code"),
    path("exploitation/consignes/<int:pk>/code/", walls.service_code, name="service-code"),
    path("exploitation/demandes/<int:pk>/accorder/", walls.approve, name="approve"),
    path("exploitation/demandes/<int:pk>/refuser/", walls.decline, name="decline"),
    path("exploitation/alarmes/", alarms.alarms_page, name="alarms"),
    path("exploitation/alarmes/<int:pk>/suivre/", alarms.see, name="see-alarm"),
    path("exploitation/alarmes/<int:pk>/fermer/", alarms.close, name="close-alarm"),
    path("exploitation/recherche/", logbooks.search, name="search"),
    path("exploitation/commandes/<int:pk>/", logbooks.timeline, name="timeline"),
    path("exploitation/problemes/<int:pk>/repondre/", problems.answer, name="answer-problem"),
    path("exploitation/consignes/<int:pk>/journal/", logbooks.logbook_page, name="logbook"),
    path("exploitation/consignes/<int:pk>/journal/<int:year>-<int:month>.csv", logbooks.month, name="logbook-month"),
    path("exploitation/consignes/<int:pk>/tournees/", rounds.rounds_page, name="rounds"),
    path("exploitation/consignes/<int:pk>/tournees/commencer/", rounds.begin, name="begin-round"),
    path("exploitation/tournees/<int:pk>/", rounds.round_page, name="round"),
    path("exploitation/tournees/<int:pk>/casiers/<int:compartment>/", rounds.check, name="check-door"),
    path("exploitation/tournees/<int:pk>/terminer/", rounds.finish, name="finish-round"),
    path("exploitation/consignes/<int:pk>/chiffres/", figures.figures_page, name="figures"),
    path("exploitation/consignes/<int:pk>/chiffres.csv", figures.days, name="figures-file"),
    path("exploitation/zones/<int:pk>/", cold.zone_page, name="zone"),
    path("exploitation/zones/<int:pk>/<int:year>-<int:month>.csv", cold.zone_month, name="zone-month"),
    path("exploitation/colis/<int:pk>/froid.csv", cold.leg_log, name="leg-cold"),
    path("exploitation/comptoir/<slug:slug>/", counters.counter, name="counter"),
    path("exploitation/comptoir/<slug:slug>/depot/<int:pk>/", counters.counter_deposit, name="counter-deposit"),
]
