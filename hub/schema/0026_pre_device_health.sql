-- How each node fared, what is wrong with it, and who was told.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

-- The worst of five minutes of NodeHealth (it comes every 30 s): a tenth of the rows, and a dip is
-- not averaged away. 1,000 nodes and 30 days are 8.6 million rows; `devices.keep_up` forgets.
CREATE TABLE node_health (
  bucket               timestamptz NOT NULL,
  uptime_s             double precision NOT NULL,
  temperature_c        double precision,
  throttled            bigint,
  load_1m              double precision,
  memory_used_percent  double precision,
  disk_free_mb         double precision,
  frames_per_s         double precision NOT NULL,
  inference_ms         double precision,
  outbox_depth         bigint NOT NULL,
  outbox_oldest_age_s  double precision,
  clock_offset_ms      double precision,
  wifi_dbm             double precision,
  site                 text NOT NULL,
  node                 text NOT NULL,
  PRIMARY KEY (site, node, bucket)
);
CREATE INDEX node_health_bucket ON node_health USING brin (bucket);

-- A node's own medians of the last week: what it is compared with.
CREATE TABLE node_usual (
  site          text NOT NULL,
  node          text NOT NULL,
  frames_per_s  double precision NOT NULL,
  inference_ms  double precision,
  reckoned_at   timestamptz NOT NULL,
  PRIMARY KEY (site, node),
  FOREIGN KEY (site, node) REFERENCES node
);

-- Counts that drifted away from what is usual; replaced as a whole each time it is looked for.
CREATE TABLE node_drift (
  site     text NOT NULL,
  node     text NOT NULL,
  zone     text NOT NULL,
  kind     text NOT NULL CHECK (kind IN ('stuck', 'strayed', 'dim')),
  found_at timestamptz NOT NULL,
  PRIMARY KEY (site, node, zone, kind),
  FOREIGN KEY (site, node) REFERENCES node
);

-- One cause at one node: watched from the moment it is seen, raised once it has lasted, closed once
-- it has been gone for long enough. At most one of it is open: nothing is raised twice.
CREATE TABLE alert (
  alert_id        uuid PRIMARY KEY,
  site            text NOT NULL,
  node            text NOT NULL,
  cause           text NOT NULL,
  figures         jsonb NOT NULL,
  seen_since      timestamptz NOT NULL,
  gone_since      timestamptz,
  raised_at       timestamptz,
  closed_at       timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text,
  FOREIGN KEY (site, node) REFERENCES node,
  CHECK (closed_at IS NULL OR raised_at IS NOT NULL),
  CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL))
);
CREATE UNIQUE INDEX alert_open ON alert (site, node, cause) WHERE closed_at IS NULL;
CREATE INDEX alert_raised_at ON alert (raised_at);

-- When nobody is to be woken, local time of Korea; site '' stands for every site without its own.
CREATE TABLE quiet_hours (
  site   text PRIMARY KEY,
  starts time NOT NULL,
  ends   time NOT NULL
);

-- What is to be told, once for each address. The address itself is in HUB_NOTICE_URLS (it holds
-- passwords); here is only which one. A row stays after it was sent, so nothing is told twice.
CREATE TABLE notice (
  alert_id    uuid NOT NULL REFERENCES alert ON DELETE CASCADE,
  says        text NOT NULL CHECK (says IN ('raised', 'closed')),
  address     text NOT NULL,
  made_at     timestamptz NOT NULL,
  due_at      timestamptz NOT NULL,
  tries       integer NOT NULL DEFAULT 0,
  sent_at     timestamptz,
  ended_at    timestamptz,
  ended_why   text,
  PRIMARY KEY (alert_id, says, address)
);
CREATE INDEX notice_due ON notice (due_at) WHERE sent_at IS NULL AND ended_at IS NULL;
