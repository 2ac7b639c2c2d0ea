"""Fixtures of the protocol tests. Only `test_both_sides` needs Django."""

import pytest

from .kit import Table


@pytest.fixture
def table(tmp_path):
    """A bank that nobody has told anything yet."""
    return Table(tmp_path)
