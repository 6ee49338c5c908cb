"""What the database says of the office's health. Only reads; each statement is quick or bounded."""
