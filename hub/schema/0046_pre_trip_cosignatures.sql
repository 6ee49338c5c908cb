-- What second offices signed: each line over the text of a checkpoint that this hub published.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE trip_cosignature (
  size        bigint NOT NULL REFERENCES trip_checkpoint,
  name        text NOT NULL,
  line        text NOT NULL CHECK (length(line) <= 300),
  handed_at   timestamptz NOT NULL,
  PRIMARY KEY (size, name)
);
CREATE TRIGGER trip_cosignature_stays BEFORE UPDATE OR DELETE ON trip_cosignature
  FOR EACH ROW EXECUTE FUNCTION trip_log_is_append_only();
