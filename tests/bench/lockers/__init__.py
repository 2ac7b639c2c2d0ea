"""Measurements of the lockers, one module for each question; `python -m tests.bench.lockers` runs them."""
