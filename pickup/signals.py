"""What collection tells those above it. Sent inside the transaction of the change."""

from django.dispatch import Signal

collection_moved = Signal()  # collection, previous
collection_extended = Signal()  # collection, extension: its end is later now
share_used_after_withdrawal = Signal()  # share: a bank that had not heard of it opened
collection_redirected = Signal()  # collection, before (the bank): it waits at a counter instead, nothing was deposited
part_at_counter = Signal()  # collection, leg: its goods are at a counter, the order is not
problem_reported = Signal()  # problem: a person has to answer by its time
problem_answered = Signal()  # problem
collection_ending = Signal()  # collection: it waits, and ends within three hours; once per collection
