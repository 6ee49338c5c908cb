"""SQL of people, sessions and the audit trail. The door commits."""
