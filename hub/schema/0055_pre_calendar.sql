-- What an office adds to the calendar of duties, and who reads it by a secret address.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

-- 지방공휴일: by an ordinance of the office
CREATE TABLE calendar_holiday (
  day       date PRIMARY KEY,
  name      text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  saved_at  timestamptz NOT NULL,
  saved_by  text NOT NULL
);

CREATE TABLE calendar_duty (
  duty_id   uuid PRIMARY KEY,
  -- of a yearly one, its day in the first year
  day       date NOT NULL,
  is_yearly boolean NOT NULL,
  title     text NOT NULL CHECK (length(title) BETWEEN 1 AND 80),
  says      text NOT NULL DEFAULT '' CHECK (length(says) <= 400),
  saved_at  timestamptz NOT NULL,
  saved_by  text NOT NULL
);

-- A calendar program has no session: it asks by an address with a secret, of which the hash is here.
CREATE TABLE calendar_feed (
  person_id uuid PRIMARY KEY REFERENCES person,
  digest    bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
  made_at   timestamptz NOT NULL
);
