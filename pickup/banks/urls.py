"""The addresses that banks call, under /tlp/1/."""

from django.urls import path

from pickup.banks import https_sync

urlpatterns = [
    path("sync", https_sync.sync, name="tlp-sync"),
    path("authlist", https_sync.authlist, name="tlp-authlist"),
]
