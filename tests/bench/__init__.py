"""Measurements: `make bench`. They print a table and write `var/bench/NAME.json`; no test asserts a time."""
