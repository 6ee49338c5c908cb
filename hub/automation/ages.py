"""Birthdays: when somebody reaches an age."""

from datetime import date


def birthday(born_on: date, age: int) -> date:
    """Who was born on 29 February is a year older when that February is over."""
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return date(born_on.year + age, 3, 1)
