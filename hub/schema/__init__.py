"""Numbered SQL, forward only. `hub.kit.migrate` runs it."""
