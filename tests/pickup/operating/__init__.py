"""Tests of the operators' side of the lockers."""
