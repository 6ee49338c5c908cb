"""What every part stands on: settings, database, clock, jobs, the embedded servers.

Knows nothing of the domain.
"""
