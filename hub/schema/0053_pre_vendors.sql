-- The office's vendor book, and which questions about business numbers were carried outside.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE vendor (
  number      text PRIMARY KEY CHECK (number ~ '^[0-9]{10}$'),
  name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  -- as the office entered it from the certificate of registration; no source fills it
  representative text NOT NULL DEFAULT '' CHECK (length(representative) <= 80),
  opened_on   date,
  address     text NOT NULL DEFAULT '' CHECK (length(address) <= 200),
  memo        text NOT NULL DEFAULT '' CHECK (length(memo) <= 400),
  source      text NOT NULL CHECK (source IN ('typed', 'sheet')),
  -- the day on which this was so, as the office says
  as_of       date NOT NULL,
  -- grows with every change: who changes an older one is told
  version     integer NOT NULL CHECK (version >= 1),
  saved_at    timestamptz NOT NULL,
  saved_by    text NOT NULL
);
CREATE INDEX vendor_name ON vendor (name, number);

-- A file of numbers that somebody carries to a machine with internet: the answer must fit one.
CREATE TABLE vendor_question (
  question_id uuid PRIMARY KEY,
  -- SHA-256 over its numbers: they themselves are not kept
  digest      bytea NOT NULL CHECK (length(digest) = 32),
  made_at     timestamptz NOT NULL,
  made_by     text NOT NULL
);
CREATE INDEX vendor_question_made ON vendor_question (made_at);
