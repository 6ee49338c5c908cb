-- `ingest` may add rows and nothing else; the days that rows need are made in the owner's name.
SET LOCAL lock_timeout = '4s';
ALTER FUNCTION sample_days(timestamptz, timestamptz) SECURITY DEFINER;
ALTER FUNCTION sample_days(timestamptz, timestamptz) SET search_path = public, pg_temp;
