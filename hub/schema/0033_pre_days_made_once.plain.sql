-- Two doors that need the same new day at the same moment: the second waits, and then has to see
-- the first one's table. to_regclass answered from a memory that waiting for an advisory lock does
-- not renew, so it tried to make the table again; a look into pg_class is always true.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

CREATE OR REPLACE FUNCTION sample_days(first timestamptz, last timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  origin constant timestamptz := '2000-01-01 00:00+09';
  at     timestamptz := date_bin('1 day', first, origin);
  part   text;
  made   integer := 0;
BEGIN
  WHILE at <= last LOOP
    part := 'sample_' || to_char((at AT TIME ZONE 'UTC') + interval '9 hours', 'YYYYMMDD');
    IF NOT sample_day_is_there(part) THEN
      PERFORM pg_advisory_xact_lock(hashtext('sample_days'));  -- another door may be making it
      IF NOT sample_day_is_there(part) THEN
        -- Attached, not created as a partition: that would lock every reader out.
        EXECUTE format('CREATE TABLE %I (LIKE sample INCLUDING ALL)', part);
        EXECUTE format('ALTER TABLE sample ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                       part, at, at + interval '24 hours');
        made := made + 1;
      END IF;
    END IF;
    at := at + interval '24 hours';
  END LOOP;
  RETURN made;
END $$;

-- VOLATILE, though it only reads: so that each call sees what was committed before it.
CREATE FUNCTION sample_day_is_there(part text) RETURNS boolean LANGUAGE sql VOLATILE
SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM pg_class
                  WHERE relname = part AND relnamespace = 'public'::regnamespace)
$$;
