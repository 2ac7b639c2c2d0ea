"""Money tables."""

__all__ = []
