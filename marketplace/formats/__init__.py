"""Dates and times as a European town writes them, in every language (`FORMAT_MODULE_PATH`)."""
