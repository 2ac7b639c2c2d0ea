"""Ways to the server. What arrives goes through one door, `exchange.Exchange`; the rest of the bank knows no transport."""
