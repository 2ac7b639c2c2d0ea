"""The demonstration: an invented town, its people and orders, and the processes that show them. Never installed live."""
