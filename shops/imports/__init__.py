"""Catalogue files: a table is read, its columns recognised, its cells understood, its rows written; the report says what became of each."""
