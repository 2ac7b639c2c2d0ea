"""Pages that the town and its associations write themselves, in Wagtail."""
