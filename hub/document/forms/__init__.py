"""Forms that offices file: each turns what was filled in into a document."""
