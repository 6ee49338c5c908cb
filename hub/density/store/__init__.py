"""All SQL of the density board, by subject."""
