"""How well a bank works: one row per bank and day (`BankDay`), read by operators, computed at night."""

from pickup.kpi.figures import Figures, latest, summary

__all__ = ["Figures", "latest", "summary"]
