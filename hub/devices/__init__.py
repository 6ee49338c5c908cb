"""Which nodes there are, what they hold, wanted and reported configuration."""
