-- What the office's own ordinances say instead of the nation's values: whole, by version.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE ordinance_version (
  version     integer PRIMARY KEY CHECK (version >= 1),
  -- [{"key": "travel.near.long_won", "since": "2026-03-01", "until": null, "value": "25000",
  --   "law": "가나시 공무원 여비 조례", "place": "제5조"}]
  ordinances  jsonb NOT NULL,
  saved_at    timestamptz NOT NULL,
  saved_by    text NOT NULL,
  -- names of the rules that differ from the version before
  changes     text[] NOT NULL,
  -- the version that was taken back up; 0: none of our own
  back_to     integer
);

CREATE FUNCTION ordinance_history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an ordinance is corrected by a version more'
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER ordinance_version_stays BEFORE UPDATE OR DELETE ON ordinance_version
  FOR EACH ROW EXECUTE FUNCTION ordinance_history_stays();
