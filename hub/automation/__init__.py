"""Paperwork done, with the rule behind every number. Pure: nothing that is typed is stored."""
