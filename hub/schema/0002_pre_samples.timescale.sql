-- What the nodes counted, and three widths of it, on TimescaleDB.
-- The twin file gives plain PostgreSQL the same tables, views and columns.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

CREATE EXTENSION IF NOT EXISTS timescaledb;

-- One zone in one window. No foreign keys: zones and spools are never deleted, and a check per
-- row would cost a third of the ingest rate.
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
);
SELECT create_hypertable('sample', by_range('window_start', interval '1 day'),
                         create_default_indexes => false);
-- For what all zones did lately: 24 kB a day, and no cost to a row in order of time.
CREATE INDEX sample_window_start ON sample USING brin (window_start) WITH (autosummarize = on);

-- The order holds the rest of the primary key, so that a late row finds its segment.
ALTER TABLE sample SET (timescaledb.enable_columnstore, timescaledb.segmentby = 'zone_id',
                        timescaledb.orderby = 'window_start DESC, spool_id, seq');
CALL add_columnstore_policy('sample', after => interval '2 days');
SELECT add_retention_policy('sample', drop_after => interval '90 days');

-- Chunks make themselves; the name is there so that one program fits both schemas.
CREATE FUNCTION sample_days(first timestamptz, last timestamptz) RETURNS integer
LANGUAGE sql AS $$ SELECT 0 $$;

-- Sums, so that a wide bucket is made of narrow ones and averages stay weighted by time. Each
-- reads the next narrower one. Real time: what is newer than the last refresh is added live.
-- A day begins at midnight in Seoul, which has no summer time: a fixed width and origin.
CREATE MATERIALIZED VIEW rollup_1m
  WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT time_bucket('1 minute', window_start, origin => '2000-01-01 00:00+09'::timestamptz) AS bucket,
       zone_id,
       sum(people::float8 * window_s) AS people_s,
       sum(window_s::float8) AS observed_s,
       sum(density_per_m2::float8 * window_s) AS density_s,
       sum(window_s::float8) FILTER (WHERE density_per_m2 IS NOT NULL) AS density_observed_s,
       sum(confidence::float8 * window_s) AS confidence_s,
       max(people_max) AS people_max,
       sum(served) AS served,
       sum(entered) AS entered,
       count(*) AS samples
  FROM sample
 GROUP BY 1, zone_id
  WITH NO DATA;

CREATE MATERIALIZED VIEW rollup_15m
  WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT time_bucket('15 minutes', bucket, origin => '2000-01-01 00:00+09'::timestamptz) AS bucket,
       zone_id,
       sum(people_s) AS people_s,
       sum(observed_s) AS observed_s,
       sum(density_s) AS density_s,
       sum(density_observed_s) AS density_observed_s,
       sum(confidence_s) AS confidence_s,
       max(people_max) AS people_max,
       sum(served)::bigint AS served,
       sum(entered)::bigint AS entered,
       sum(samples)::bigint AS samples
  FROM rollup_1m
 GROUP BY 1, zone_id
  WITH NO DATA;

CREATE MATERIALIZED VIEW rollup_1d
  WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
SELECT time_bucket('1 day', bucket, origin => '2000-01-01 00:00+09'::timestamptz) AS bucket,
       zone_id,
       sum(people_s) AS people_s,
       sum(observed_s) AS observed_s,
       sum(density_s) AS density_s,
       sum(density_observed_s) AS density_observed_s,
       sum(confidence_s) AS confidence_s,
       max(people_max) AS people_max,
       sum(served)::bigint AS served,
       sum(entered)::bigint AS entered,
       sum(samples)::bigint AS samples
  FROM rollup_15m
 GROUP BY 1, zone_id
  WITH NO DATA;

-- A refresh looks 8 days back, because an outbox holds 7: only what changed is done again.
SELECT add_continuous_aggregate_policy('rollup_1m', start_offset => interval '8 days',
         end_offset => interval '1 minute', schedule_interval => interval '1 minute');
SELECT add_continuous_aggregate_policy('rollup_15m', start_offset => interval '8 days',
         end_offset => interval '1 minute', schedule_interval => interval '1 minute');
SELECT add_continuous_aggregate_policy('rollup_1d', start_offset => interval '8 days',
         end_offset => interval '1 minute', schedule_interval => interval '5 minutes');

-- Minutes teach the usual curve: two years show a season twice. Quarters last ten. Days stay.
SELECT add_retention_policy('rollup_1m', drop_after => interval '2 years');
SELECT add_retention_policy('rollup_15m', drop_after => interval '10 years');

-- What the board reads. One row per zone and bucket in which something was observed.
CREATE VIEW density_1m AS
SELECT bucket, zone_id,
       (people_s / observed_s)::real AS people_avg, people_max::integer AS people_max,
       served, entered,
       (density_s / density_observed_s)::real AS density_avg,
       (confidence_s / observed_s)::real AS confidence_avg,
       observed_s::real AS observed_s, samples
  FROM rollup_1m;

CREATE VIEW density_15m AS
SELECT bucket, zone_id,
       (people_s / observed_s)::real AS people_avg, people_max::integer AS people_max,
       served, entered,
       (density_s / density_observed_s)::real AS density_avg,
       (confidence_s / observed_s)::real AS confidence_avg,
       observed_s::real AS observed_s, samples
  FROM rollup_15m;

CREATE VIEW density_1d AS
SELECT bucket, zone_id,
       (people_s / observed_s)::real AS people_avg, people_max::integer AS people_max,
       served, entered,
       (density_s / density_observed_s)::real AS density_avg,
       (confidence_s / observed_s)::real AS confidence_avg,
       observed_s::real AS observed_s, samples
  FROM rollup_1d;
