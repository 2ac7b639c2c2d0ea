"""Promising doors, as pure functions."""
