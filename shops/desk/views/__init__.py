"""Views of the desk: fetch from the shop, call one function, answer."""
