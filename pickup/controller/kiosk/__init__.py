"""The page on the bank's screen: static files, and a small JSON API of its own."""
