-- Windows whose time nobody vouches for: kept, but outside the aggregates.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE sample_unsynced (
  window_start   timestamptz NOT NULL,
  received_at    timestamptz NOT NULL,
  seq            bigint NOT NULL,
  boot_id        uuid NOT NULL,
  zone_id        integer NOT NULL,
  spool_id       integer NOT NULL,
  window_s       real NOT NULL CHECK (window_s > 0),
  density_per_m2 real,
  confidence     real NOT NULL,
  people         smallint NOT NULL,
  people_max     smallint NOT NULL,
  served         smallint NOT NULL,
  entered        smallint NOT NULL,
  PRIMARY KEY (spool_id, seq, zone_id)
);

-- A site file may leave out what it named before. Its history stays; the board does not show it.
ALTER TABLE node ADD COLUMN retired_at timestamptz;
ALTER TABLE zone ADD COLUMN retired_at timestamptz;
