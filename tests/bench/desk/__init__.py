"""Measurements of the shop desk, one module for each part; `make bench-desk` runs them.

A part is a module of this package with `measure() -> dict`: figures by their names. It runs in a process of its own with
Django set up, on a migrated, empty SQLite database in a scratch folder (`HALLES_VAR`).
"""
