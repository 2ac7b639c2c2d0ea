"""Signing in with e-mail and password."""

from django.contrib.auth.backends import ModelBackend


class EmailBackend(ModelBackend):
    """Django's own backend; the manager compares e-mail addresses without case. One name, so that it can be replaced."""
