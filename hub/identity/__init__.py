"""Who may, and who does what: people, duties, roles, sign-in and the audit trail."""
