-- An X that is carried in alone is logged once, and known again when its proof comes.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE trip_sealed ADD COLUMN sealed_sha256 bytea CHECK (length(sealed_sha256) = 32);
CREATE INDEX trip_sealed_hash ON trip_sealed (sealed_sha256);
