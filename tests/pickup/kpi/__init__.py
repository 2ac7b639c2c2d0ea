"""The figures of a bank."""
