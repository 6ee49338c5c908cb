-- What the nodes counted, and three widths of it, on PostgreSQL 15-18 without any extension.
-- The twin file gives TimescaleDB the same tables, views and columns.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

-- One zone in one window. No foreign keys: zones and spools are never deleted, and a check per
-- row would cost a third of the ingest rate. One partition is one day of Seoul, as the widest bucket.
CREATE TABLE sample (
  window_start   timestamptz NOT NULL,
  seq            bigint NOT NULL,
  zone_id        integer NOT NULL,
  spool_id       integer NOT NULL,
  window_s       real NOT NULL CHECK (window_s > 0),
  density_per_m2 real,
  confidence     real NOT NULL,
  people         smallint NOT NULL,
  people_max     smallint NOT NULL,
  served         smallint NOT NULL,
  entered        smallint NOT NULL,
  PRIMARY KEY (zone_id, window_start, spool_id, seq)
) PARTITION BY RANGE (window_start);
-- For what all zones did lately: 24 kB a day, and no cost to a row in order of time.
CREATE INDEX sample_window_start ON sample USING brin (window_start) WITH (autosummarize = on);

-- Make the partitions of the days from `first` to `last`, where they are missing.
CREATE FUNCTION sample_days(first timestamptz, last timestamptz) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  origin constant timestamptz := '2000-01-01 00:00+09';
  at     timestamptz := date_bin('1 day', first, origin);
  part   text;
  made   integer := 0;
BEGIN
  WHILE at <= last LOOP
    part := 'sample_' || to_char((at AT TIME ZONE 'UTC') + interval '9 hours', 'YYYYMMDD');
    IF to_regclass(part) IS NULL THEN
      PERFORM pg_advisory_xact_lock(hashtext('sample_days'));  -- another door may be making it
      IF to_regclass(part) IS NULL THEN
        -- Attached, not created as a partition: that would lock every reader out.
        EXECUTE format('CREATE TABLE %I (LIKE sample INCLUDING ALL)', part);
        EXECUTE format('ALTER TABLE sample ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                       part, at, at + interval '24 hours');
        made := made + 1;
      END IF;
    END IF;
    at := at + interval '24 hours';
  END LOOP;
  RETURN made;
END $$;

-- Sums, so that a wide bucket is made of narrow ones and averages stay weighted by time.
CREATE TABLE rollup_1m (
  bucket             timestamptz NOT NULL,
  people_s           double precision NOT NULL,
  observed_s         double precision NOT NULL,
  density_s          double precision,
  density_observed_s double precision,
  confidence_s       double precision NOT NULL,
  served             bigint NOT NULL,
  entered            bigint NOT NULL,
  samples            bigint NOT NULL,
  zone_id            integer NOT NULL,
  people_max         integer NOT NULL,
  PRIMARY KEY (zone_id, bucket)
);
CREATE TABLE rollup_15m (LIKE rollup_1m INCLUDING ALL);
CREATE TABLE rollup_1d (LIKE rollup_1m INCLUDING ALL);

-- The minutes in which rows were added since the last refresh. Appended in the transaction that
-- adds the rows and never updated, so whoever sees a mark sees its rows, and nobody waits.
CREATE TABLE rollup_dirty (
  minute   timestamptz NOT NULL,
  quarter  timestamptz NOT NULL,
  day      timestamptz NOT NULL,
  zone_id  integer NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 2000);
CREATE INDEX rollup_dirty_minute ON rollup_dirty (zone_id, minute);

CREATE FUNCTION sample_mark_dirty() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  origin constant timestamptz := '2000-01-01 00:00+09';
BEGIN
  INSERT INTO rollup_dirty (zone_id, minute, quarter, day)
  SELECT zone_id, minute, date_bin('15 minutes', minute, origin), date_bin('1 day', minute, origin)
    FROM (SELECT DISTINCT zone_id, date_bin('1 minute', window_start, origin) AS minute
            FROM added) marked;
  RETURN NULL;
END $$;
CREATE TRIGGER sample_mark_dirty AFTER INSERT ON sample
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION sample_mark_dirty();

-- The sums over one zone's samples in [first, before_this); no row where there is none. Plain SQL,
-- so that it is inlined and the partitions are pruned.
CREATE FUNCTION sample_sums(zone integer, first timestamptz, before_this timestamptz)
RETURNS TABLE (people_s double precision, observed_s double precision, density_s double precision,
               density_observed_s double precision, confidence_s double precision,
               people_max integer, served bigint, entered bigint, samples bigint)
LANGUAGE sql STABLE ROWS 1 AS $$
  SELECT sum(s.people::float8 * s.window_s), sum(s.window_s::float8),
         sum(s.density_per_m2::float8 * s.window_s),
         sum(s.window_s::float8) FILTER (WHERE s.density_per_m2 IS NOT NULL),
         sum(s.confidence::float8 * s.window_s), max(s.people_max)::integer,
         sum(s.served)::bigint, sum(s.entered)::bigint, count(*)
    FROM sample s
   WHERE s.zone_id = $1 AND s.window_start >= $2 AND s.window_start < $3
  HAVING count(*) > 0
$$;

-- What is rolled up and still true, and what is dirty, computed now.
CREATE VIEW rollup_1m_now AS
SELECT bucket, zone_id, people_s, observed_s, density_s, density_observed_s, confidence_s,
       people_max, served, entered, samples
  FROM rollup_1m r
 WHERE NOT EXISTS (SELECT FROM rollup_dirty d WHERE d.zone_id = r.zone_id AND d.minute = r.bucket)
 UNION ALL
SELECT d.minute, d.zone_id, live.*
  FROM (SELECT DISTINCT zone_id, minute FROM rollup_dirty) d
 CROSS JOIN LATERAL sample_sums(d.zone_id, d.minute, d.minute + interval '1 minute') live;

CREATE VIEW rollup_15m_now AS
SELECT bucket, zone_id, people_s, observed_s, density_s, density_observed_s, confidence_s,
       people_max, served, entered, samples
  FROM rollup_15m r
 WHERE NOT EXISTS (SELECT FROM rollup_dirty d WHERE d.zone_id = r.zone_id AND d.quarter = r.bucket)
 UNION ALL
SELECT d.quarter, d.zone_id, live.*
  FROM (SELECT DISTINCT zone_id, quarter FROM rollup_dirty) d
 CROSS JOIN LATERAL sample_sums(d.zone_id, d.quarter, d.quarter + interval '15 minutes') live;

CREATE VIEW rollup_1d_now AS
SELECT bucket, zone_id, people_s, observed_s, density_s, density_observed_s, confidence_s,
       people_max, served, entered, samples
  FROM rollup_1d r
 WHERE NOT EXISTS (SELECT FROM rollup_dirty d WHERE d.zone_id = r.zone_id AND d.day = r.bucket)
 UNION ALL
SELECT d.day, d.zone_id, live.*
  FROM (SELECT DISTINCT zone_id, day FROM rollup_dirty) d
 CROSS JOIN LATERAL (
         SELECT sum(people_s), sum(observed_s), sum(density_s), sum(density_observed_s),
                sum(confidence_s), max(people_max),
                sum(served)::bigint, sum(entered)::bigint, sum(samples)::bigint
           FROM rollup_15m_now q
          WHERE q.zone_id = d.zone_id
            AND q.bucket >= d.day
            AND q.bucket < d.day + interval '24 hours'
         HAVING count(*) > 0
       ) live;

-- What the board reads. One row per zone and bucket in which something was observed.
CREATE VIEW density_1m AS
SELECT bucket, zone_id,
       (people_s / observed_s)::real AS people_avg, people_max::integer AS people_max,
       served, entered,
       (density_s / density_observed_s)::real AS density_avg,
       (confidence_s / observed_s)::real AS confidence_avg,
       observed_s::real AS observed_s, samples
  FROM rollup_1m_now;

CREATE VIEW density_15m AS
SELECT bucket, zone_id,
       (people_s / observed_s)::real AS people_avg, people_max::integer AS people_max,
       served, entered,
       (density_s / density_observed_s)::real AS density_avg,
       (confidence_s / observed_s)::real AS confidence_avg,
       observed_s::real AS observed_s, samples
  FROM rollup_15m_now;

CREATE VIEW density_1d AS
SELECT bucket, zone_id,
       (people_s / observed_s)::real AS people_avg, people_max::integer AS people_max,
       served, entered,
       (density_s / density_observed_s)::real AS density_avg,
       (confidence_s / observed_s)::real AS confidence_avg,
       observed_s::real AS observed_s, samples
  FROM rollup_1d_now;
