-- How a node becomes one of ours: one-time codes, the certificates it was given, and their end.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

-- Since when nothing is taken from this name; a new enrolment clears it.
ALTER TABLE node ADD COLUMN revoked_at timestamptz;

CREATE TABLE enrol_code (
  sha256      bytea PRIMARY KEY CHECK (length(sha256) = 32),
  site        text NOT NULL,
  node        text NOT NULL,
  made_at     timestamptz NOT NULL,
  made_by     text NOT NULL,
  expires_at  timestamptz NOT NULL,
  used_at     timestamptz,
  -- of the key that used it: who asks again with the same key lost our answer, not the race
  key_sha256  bytea,
  -- replaced by a newer code, or withdrawn
  ended_at    timestamptz,
  FOREIGN KEY (site, node) REFERENCES node,
  CHECK ((used_at IS NULL) = (key_sha256 IS NULL))
);
CREATE INDEX enrol_code_node ON enrol_code (site, node);

CREATE TABLE node_certificate (
  serial      text PRIMARY KEY,
  site        text NOT NULL,
  node        text NOT NULL,
  key_sha256  bytea NOT NULL,
  pem         text NOT NULL,
  issued_at   timestamptz NOT NULL,
  until       timestamptz NOT NULL,
  -- enrolled with a code, or renewed by the certificate before it
  renews      text REFERENCES node_certificate,
  revoked_at  timestamptz,
  revoked_by  text,
  FOREIGN KEY (site, node) REFERENCES node
);
CREATE INDEX node_certificate_node ON node_certificate (site, node, issued_at);
CREATE INDEX node_certificate_revoked ON node_certificate (revoked_at) WHERE revoked_at IS NOT NULL;

-- Wrong codes of the last minutes, by address.
CREATE TABLE enrol_failure (
  at          timestamptz NOT NULL,
  address     text NOT NULL
);
CREATE INDEX enrol_failure_address ON enrol_failure (address, at);
