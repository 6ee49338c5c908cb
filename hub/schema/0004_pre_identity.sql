-- What became of every seq of an outbox, and who speaks under a node's name.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

-- Of `held`: what is in the dead letters instead, and what came a second time with another window
-- (the first is stored). `epoch` is the hub's when it last heard of this outbox.
ALTER TABLE spool
  ADD COLUMN refused int8multirange NOT NULL DEFAULT '{}',
  ADD COLUMN contested int8multirange NOT NULL DEFAULT '{}',
  ADD COLUMN epoch uuid;

-- Why seqs are in `lost`: one row each time some were found missing.
CREATE TABLE loss (
  spool_id   integer NOT NULL REFERENCES spool,
  seqs       int8multirange NOT NULL,
  reason     text NOT NULL,
  noticed_at timestamptz NOT NULL
);
CREATE INDEX loss_noticed_at ON loss (noticed_at);

-- The boots that were born under this name, the newest first; and when an earlier one spoke again,
-- or a seq came with two contents: then two machines have one identity.
ALTER TABLE node
  ADD COLUMN boots uuid[] NOT NULL DEFAULT '{}',
  ADD COLUMN twin_at timestamptz;
