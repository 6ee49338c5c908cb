-- What nodes were asked to do, by whom, and what became of it; what a node sees while zones are drawn.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE command (
  command     uuid PRIMARY KEY,
  site        text NOT NULL,
  node        text NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('identify', 'still', 'preview', 'restart', 'bench')),
  -- the bytes published on command/{id}
  payload     bytea NOT NULL,
  asked_by    text NOT NULL,
  asked_at    timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL,
  sent_at     timestamptz,
  -- NULL: no answer yet
  done        boolean,
  detail      text NOT NULL DEFAULT '',
  figures     jsonb NOT NULL DEFAULT '{}',
  answered_at timestamptz,
  -- the picture as the node sealed it; the key is nowhere in this database
  sealed      bytea,
  width_px    integer,
  height_px   integer,
  frames      integer,
  blurred     integer,
  FOREIGN KEY (site, node) REFERENCES node
);
CREATE INDEX command_node ON command (site, node, asked_at);
CREATE INDEX command_open ON command (expires_at) WHERE done IS NULL;
CREATE INDEX command_sealed ON command (answered_at) WHERE sealed IS NOT NULL;

-- The newest one of a node. Numbers that are worth nothing after some seconds: no log of them.
CREATE UNLOGGED TABLE node_preview (
  site        text NOT NULL,
  node        text NOT NULL,
  heard_at    timestamptz NOT NULL,
  preview     jsonb NOT NULL,
  PRIMARY KEY (site, node)
);
