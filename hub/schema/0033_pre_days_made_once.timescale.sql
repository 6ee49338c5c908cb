-- TimescaleDB makes its chunks itself: the twin file mends how plain PostgreSQL makes days.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';
