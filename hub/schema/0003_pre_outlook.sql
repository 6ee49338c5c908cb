-- What is usual and what is to come, worked out by the worker from what was counted.
-- Everything here can be made again from `sample`; losing it costs one run of the jobs.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

-- The usual day of a zone, in steps of 5 minutes of Korean time: `minute` is where a step begins.
-- No row: nothing was observed then, or history is still being collected.
CREATE TABLE usual (
  zone_id    integer NOT NULL REFERENCES zone ON DELETE CASCADE,
  weekday    smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),  -- Monday is 1
  minute     smallint NOT NULL CHECK (minute BETWEEN 0 AND 1439),
  wait_p25_s real NOT NULL CHECK (wait_p25_s >= 0),
  wait_p50_s real NOT NULL CHECK (wait_p50_s >= wait_p25_s),
  wait_p75_s real NOT NULL CHECK (wait_p75_s >= wait_p50_s),
  -- NULL: nobody was ever served around then, so no rate is usual
  served_per_min real CHECK (served_per_min > 0),
  people_p50 real NOT NULL CHECK (people_p50 >= 0),
  days       integer NOT NULL CHECK (days > 0),
  PRIMARY KEY (zone_id, weekday, minute)
);

CREATE TABLE forecast_model (
  zone_id    integer PRIMARY KEY REFERENCES zone ON DELETE CASCADE,
  method     text NOT NULL CHECK (method IN ('collecting', 'profile', 'ridge')),
  history_days integer NOT NULL CHECK (history_days >= 0),
  weeks      integer NOT NULL CHECK (weeks >= 0),
  coefficients jsonb,
  -- error in minutes of every method that was tried, coverage, regret; NULL while collecting
  backtest   jsonb,
  fitted_at  timestamptz NOT NULL
);

CREATE TABLE forecast_point (
  zone_id    integer NOT NULL REFERENCES zone ON DELETE CASCADE,
  at         timestamptz NOT NULL,
  wait_s     real NOT NULL CHECK (wait_s >= 0),
  wait_low_s real NOT NULL CHECK (wait_low_s BETWEEN 0 AND wait_s),
  wait_high_s real NOT NULL CHECK (wait_high_s >= wait_s),
  made_at    timestamptz NOT NULL,
  PRIMARY KEY (zone_id, at)
);
