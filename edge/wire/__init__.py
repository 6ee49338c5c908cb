"""The contract between node and hub. Depends on pydantic alone.

A fielded node keeps speaking the version it shipped with, so fields are only ever added,
and a reader ignores the ones it does not know.
"""
