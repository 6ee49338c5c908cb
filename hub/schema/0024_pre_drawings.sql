-- Every configuration that somebody drew: who, when, and the way back to it.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE drawing (
  site        text NOT NULL,
  node        text NOT NULL,
  revision    bigint NOT NULL,
  wanted      bytea NOT NULL,
  -- the zones' names at that time, by id
  names       jsonb NOT NULL DEFAULT '{}',
  -- the fifth floor point, which only checks the four others
  fifth       jsonb,
  saved_at    timestamptz NOT NULL,
  saved_by    text NOT NULL,
  -- sentences about what is new, by kind and zone
  changes     jsonb NOT NULL DEFAULT '[]',
  -- the revision that was taken back up
  back_to     bigint,
  -- what the node answered to it
  answered_at timestamptz,
  refused     text,
  PRIMARY KEY (site, node, revision),
  FOREIGN KEY (site, node) REFERENCES node
);
