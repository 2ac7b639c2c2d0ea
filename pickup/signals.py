"""What collection tells those above it. Sent inside the transaction of the change."""

from django.dispatch import Signal

collection_moved = Signal()  # collection, previous
collection_ending = Signal()  # collection: it waits, and ends within three hours; once per collection
