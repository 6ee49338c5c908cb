"""What an office adds to the rules, in the database: ordinances, texts of the law, budget codes."""

from hub.rules.store.ordinances import office_book

__all__ = ["office_book"]
