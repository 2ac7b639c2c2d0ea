"""The addresses that banks call, under /tlp/1/."""

from django.urls import path

from pickup.banks import https_setup, https_sync

urlpatterns = [
    path("sync", https_sync.sync, name="tlp-sync"),
    path("authlist", https_sync.authlist, name="tlp-authlist"),
    path("config", https_setup.config, name="tlp-config"),
    path("provision", https_setup.provision, name="tlp-provision"),
]
