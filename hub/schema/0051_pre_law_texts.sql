-- Texts of the law as an office loaded them: by law, article and the day from which they hold.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE law_text (
  title       text NOT NULL,
  -- 제7조의2
  number      text NOT NULL,
  since       date NOT NULL,
  -- grows where the same day's text was loaded in other words; the newest is shown
  edition     integer NOT NULL CHECK (edition >= 1),
  heading     text NOT NULL,
  words       text NOT NULL,
  promulgated date,
  source      text NOT NULL,
  -- of a text into which a list of changed paragraphs was put: by which act
  amended_by  text NOT NULL DEFAULT '',
  loaded_at   timestamptz NOT NULL,
  loaded_by   text NOT NULL,
  PRIMARY KEY (title, number, since, edition)
);

CREATE FUNCTION law_text_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a text of the law is followed by another, never changed'
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER law_text_stays BEFORE UPDATE OR DELETE ON law_text
  FOR EACH ROW EXECUTE FUNCTION law_text_stays();
