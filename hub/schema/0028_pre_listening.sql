-- Since when the hub has listened to nodes without a gap, and when it last did: a node is not
-- missing because nobody listened.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE hub_listening (
  one   boolean PRIMARY KEY DEFAULT true CHECK (one),
  since timestamptz NOT NULL,
  at    timestamptz NOT NULL
);
