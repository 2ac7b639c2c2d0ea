"""Money between residents, shops and the operator. Start with docs/payments.md."""
