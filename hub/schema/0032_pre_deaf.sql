-- From when on the hub did not listen, the last time that it did not: until `since`. NULL: never.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE hub_listening ADD COLUMN deaf_from timestamptz;
