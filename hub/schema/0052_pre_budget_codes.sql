-- The office's own tables of budget codes (통계목), one a fiscal year: whole, by version.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE budget_code_version (
  fiscal_year integer NOT NULL CHECK (fiscal_year BETWEEN 2000 AND 2099),
  version     integer NOT NULL CHECK (version >= 1),
  -- [{"code": "201-01", "name": "사무관리비", "section": "일반운영비", "says": "…", "words": []}]
  -- empty: none of our own any more
  codes       jsonb NOT NULL,
  saved_at    timestamptz NOT NULL,
  saved_by    text NOT NULL,
  back_to     integer,
  PRIMARY KEY (fiscal_year, version)
);

CREATE FUNCTION budget_code_history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a table of budget codes is corrected by a version more'
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER budget_code_version_stays BEFORE UPDATE OR DELETE ON budget_code_version
  FOR EACH ROW EXECUTE FUNCTION budget_code_history_stays();
