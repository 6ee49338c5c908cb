-- Plain PostgreSQL keeps rows only: the twin file turns TimescaleDB's minutes into columns.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';
