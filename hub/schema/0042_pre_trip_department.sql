-- The department's side of trips: a proof that is linked to an order later, and what was confirmed
-- on paper or by photo. Neither is ever edited: a change is one row more.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

-- A touch without an order is linked to one by an entry of the log; the newest says how it is now.
CREATE TABLE trip_link (
  log_index   bigint PRIMARY KEY REFERENCES trip_leaf,
  cti         bytea NOT NULL REFERENCES trip_proof,
  -- empty: not linked any more
  trip        text NOT NULL CHECK (octet_length(trip) <= 30),
  by_login    text NOT NULL,
  at          timestamptz NOT NULL
);
CREATE INDEX trip_link_cti ON trip_link (cti, log_index DESC);
CREATE INDEX trip_link_trip ON trip_link (trip);

-- Confirmed on paper or by photo: the paper stays in the department's files, the photo with its owner.
CREATE TABLE trip_confirmation (
  confirmation_id uuid NOT NULL,
  version     integer NOT NULL CHECK (version >= 1),
  trip        text NOT NULL CHECK (octet_length(trip) BETWEEN 1 AND 30),
  -- whose trip it confirms: a staff number
  who         text NOT NULL CHECK (octet_length(who) BETWEEN 1 AND 16),
  kind        text NOT NULL CHECK (kind IN ('paper', 'photo')),
  on_day      date NOT NULL,
  note        text NOT NULL DEFAULT '',
  -- of the photo, where the browser reckoned one
  photo_sha256 bytea CHECK (length(photo_sha256) = 32),
  is_withdrawn boolean NOT NULL DEFAULT false,
  -- why it was corrected or withdrawn
  why         text NOT NULL DEFAULT '',
  saved_at    timestamptz NOT NULL,
  saved_by    text NOT NULL,
  PRIMARY KEY (confirmation_id, version)
);
CREATE INDEX trip_confirmation_trip ON trip_confirmation (trip);
CREATE INDEX trip_proof_received ON trip_proof (received_at);
CREATE INDEX trip_order_begins ON trip_order (begins_at);

CREATE FUNCTION trip_history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was written of a trip is corrected by a row more'
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER trip_link_stays BEFORE UPDATE OR DELETE ON trip_link
  FOR EACH ROW EXECUTE FUNCTION trip_history_stays();
CREATE TRIGGER trip_confirmation_stays BEFORE UPDATE OR DELETE ON trip_confirmation
  FOR EACH ROW EXECUTE FUNCTION trip_history_stays();
