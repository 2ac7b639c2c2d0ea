"""The operators' side of the lockers: what they see, what they may do, what wakes them, what they can prove later."""
