-- How often the office's key at data.go.kr was used: a key, a Korean day, a service.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE vendor_key_use (
  -- SHA-256 of the key: the key itself is not kept
  key_hash bytea NOT NULL CHECK (length(key_hash) = 32),
  day      date NOT NULL,
  service  text NOT NULL CHECK (service IN ('tax', 'procurement', 'mail-order')),
  calls    integer NOT NULL CHECK (calls >= 1),
  PRIMARY KEY (key_hash, day, service)
);
