-- One checkpoint for each day, exported: a file, and mail to whoever keeps it outside.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE trip_daily (
  -- of Korea's calendar; the checkpoint is over what the log held when it ended
  day      date PRIMARY KEY,
  size     bigint NOT NULL,
  made_at  timestamptz NOT NULL,
  filed_at timestamptz
);

CREATE TABLE trip_daily_told (
  day      date NOT NULL REFERENCES trip_daily,
  -- short name of an address: the address itself may hold a password
  address  text NOT NULL,
  told_at  timestamptz NOT NULL,
  PRIMARY KEY (day, address)
);
