"""What tills and other programs of a shop may do: keys, stock and prices in bulk, what happened, and calls to their addresses."""
