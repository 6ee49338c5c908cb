-- Quarters of coordinates: until when they are needed, who holds them back, when they were destroyed.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE trip_quarter (
  quarter      integer PRIMARY KEY,
  -- how many X of it are kept, and when the last consent under which one was taken ends
  sealed       integer NOT NULL,
  needed_until timestamptz NOT NULL,
  -- when it was said that it is due
  said_at      timestamptz,
  destroyed_at timestamptz,
  destroyed_by text,
  log_index    bigint REFERENCES trip_leaf,
  CHECK ((destroyed_at IS NULL) = (log_index IS NULL))
);

-- Somebody still needs a quarter: an audit, a lawsuit. By name, until it is lifted by name.
CREATE TABLE trip_hold (
  hold_id     uuid PRIMARY KEY,
  quarter     integer NOT NULL,
  name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  placed_at   timestamptz NOT NULL,
  placed_by   text NOT NULL,
  lifted_at   timestamptz,
  lifted_by   text,
  CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
);
CREATE UNIQUE INDEX trip_hold_now ON trip_hold (quarter, name) WHERE lifted_at IS NULL;

CREATE INDEX trip_sealed_quarter ON trip_sealed (quarter);
