"""The API for tills and other programs of a shop, /api/v1/: docs/desk/tills.md says how it is used."""
