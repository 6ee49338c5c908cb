"""Businesses the office deals with: its vendor book, and what others say of a business number."""
