"""A camera node: sees people, says numbers. No picture leaves it."""
