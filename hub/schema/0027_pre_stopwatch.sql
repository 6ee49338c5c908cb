-- Waits that somebody measured with a stopwatch, and the factor that a lane's wait is taken times.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

-- One person joined the queue and was served; `reckoned_s` is what the hub would have said then,
-- without any factor, so a tap stays true whatever factor is in use.
CREATE TABLE lane_tap (
  tap_id     uuid PRIMARY KEY,
  zone_id    integer NOT NULL REFERENCES zone ON DELETE CASCADE,
  joined_at  timestamptz NOT NULL,
  served_at  timestamptz NOT NULL CHECK (served_at > joined_at),
  reckoned_s real NOT NULL CHECK (reckoned_s >= 0),
  tapped_by  text NOT NULL
);
CREATE INDEX lane_tap_zone ON lane_tap (zone_id, served_at);

-- Every factor that was ever in use; the newest revision holds. `back_to`: what was taken back up,
-- 0 for no factor at all.
CREATE TABLE lane_factor (
  zone_id    integer NOT NULL REFERENCES zone ON DELETE CASCADE,
  revision   integer NOT NULL CHECK (revision > 0),
  factor     real NOT NULL CHECK (factor BETWEEN 0.25 AND 4),
  error      real NOT NULL CHECK (error >= 0),
  taps       integer NOT NULL CHECK (taps >= 0),
  back_to    integer,
  made_at    timestamptz NOT NULL,
  made_by    text NOT NULL,
  PRIMARY KEY (zone_id, revision)
);

CREATE VIEW lane_factor_now AS
SELECT DISTINCT ON (zone_id) zone_id, revision, factor::float8 AS factor, error::float8 AS error, taps
  FROM lane_factor
 ORDER BY zone_id, revision DESC;
