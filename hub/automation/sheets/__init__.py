"""Many rows at once: a question's columns, a sheet read by them, and the sheet with its answers.

Nothing is kept: bytes come in, bytes go out.
"""
