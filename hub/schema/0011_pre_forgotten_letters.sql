-- How many messages were refused whose dead letters are kept no more: the letters are bounded, the
-- count is not to be lost with them. One row a day of Seoul.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE dead_letter_forgotten (
  day      date PRIMARY KEY,
  letters  bigint NOT NULL,
  times    bigint NOT NULL
);
