-- What every office has: sites, nodes, zones, and what the nodes counted.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

-- A new epoch tells nodes that this hub was restored, and that a lower mark is to be believed.
CREATE TABLE hub (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  epoch      uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO hub DEFAULT VALUES;

CREATE TABLE site (
  site       text PRIMARY KEY CHECK (site ~ '^[a-z0-9-]{1,32}$'),
  name       text NOT NULL,
  name_en    text NOT NULL,
  -- [{"days": [1..7], "open": "11:30", "close": "13:30"}], Monday is 1; NULL: always open
  hours      jsonb,
  -- seconds of waiting at which moderate, busy and crowded begin
  levels_s   integer[] NOT NULL DEFAULT '{180,420,720}' CHECK (cardinality(levels_s) = 3),
  history_simulated boolean NOT NULL DEFAULT false
);

CREATE TABLE node (
  site       text NOT NULL REFERENCES site,
  node       text NOT NULL CHECK (node ~ '^[a-z0-9-]{1,32}$'),
  name       text NOT NULL,
  name_en    text NOT NULL,
  -- the exact bytes published on config/wanted, so that the node's hash can be compared
  wanted           bytea,
  wanted_revision  bigint NOT NULL DEFAULT 0,
  reported         jsonb,
  reported_at      timestamptz,
  -- the newest birth or will, as said (NodeState)
  state            jsonb,
  state_at         timestamptz,
  -- the newest NodeHealth
  health           jsonb,
  health_at        timestamptz,
  PRIMARY KEY (site, node)
);

CREATE TABLE zone (
  zone_id    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  site       text NOT NULL,
  node       text NOT NULL,
  zone       text NOT NULL CHECK (zone ~ '^[a-z0-9-]{1,32}$'),
  kind       text NOT NULL DEFAULT 'queue' CHECK (kind IN ('queue', 'seating', 'counter')),
  name       text NOT NULL,
  name_en    text NOT NULL,
  place      text NOT NULL DEFAULT '',
  place_en   text NOT NULL DEFAULT '',
  seats      integer CHECK (seats > 0),
  has_served_line boolean NOT NULL DEFAULT false,
  position   integer NOT NULL DEFAULT 0,
  UNIQUE (site, node, zone),
  FOREIGN KEY (site, node) REFERENCES node
);

-- One row per outbox file. `held` is every seq that is stored or written down as lost;
-- the mark that goes back to the node is the end of its first range.
CREATE TABLE spool (
  spool_id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  site       text NOT NULL,
  node       text NOT NULL,
  spool      uuid NOT NULL,
  held       int8multirange NOT NULL DEFAULT '{}',
  lost       int8multirange NOT NULL DEFAULT '{}',
  heard_at   timestamptz NOT NULL,
  UNIQUE (site, node, spool),
  FOREIGN KEY (site, node) REFERENCES node
);

-- What could not be stored, and why. The same payload again only counts up.
CREATE TABLE dead_letter (
  dead_letter_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic      text NOT NULL,
  sha256     bytea NOT NULL,
  payload    bytea NOT NULL,
  payload_bytes integer NOT NULL,
  reason     text NOT NULL,
  first_at   timestamptz NOT NULL,
  last_at    timestamptz NOT NULL,
  times      bigint NOT NULL DEFAULT 1,
  UNIQUE (topic, sha256)
);
