"""Is it late, is it losing, is it full: figures of the whole office, and the doctor.

Reads what the others have written down; writes nothing. What one process knows of itself alone
(its queue, its requests) it measures where it happens.
"""
