-- The one-touch trip proof: who may prove with which key, what was ordered, what was proved, the log.
-- No statement stands here: of each proof there is the sealed X (wrapped), the verdict and hashes.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

-- A person as a statement names them. Staff number and department are an administrator's to say.
CREATE TABLE trip_person (
  person_id   uuid PRIMARY KEY REFERENCES person,
  who         text NOT NULL UNIQUE CHECK (octet_length(who) BETWEEN 1 AND 16),
  department  text NOT NULL DEFAULT '' CHECK (octet_length(department) <= 16),
  -- 서무 of the department: sees its orders and verdicts, never coordinates
  is_clerk    boolean NOT NULL DEFAULT false
);
CREATE INDEX trip_person_department ON trip_person (department);

CREATE TABLE trip_consent (
  consent_id  uuid PRIMARY KEY,
  person_id   uuid NOT NULL REFERENCES person,
  text_sha256 bytea NOT NULL CHECK (length(text_sha256) = 32),
  auditor     bytea NOT NULL CHECK (length(auditor) = 32),
  given_at    timestamptz NOT NULL,
  -- a year at most: the law's bound on keeping places
  until       timestamptz NOT NULL CHECK (until <= given_at + interval '366 days'),
  withdrawn_at timestamptz
);
CREATE INDEX trip_consent_person ON trip_consent (person_id, given_at DESC);

CREATE TABLE trip_device (
  kid         bytea PRIMARY KEY CHECK (length(kid) = 8),
  person_id   uuid NOT NULL REFERENCES person,
  -- the staff number when it was enrolled: what its statements name
  who         text NOT NULL,
  -- 04 ‖ x ‖ y
  point       bytea NOT NULL CHECK (length(point) = 65),
  -- the installation: two people on one shared phone have two keys and one of these
  phone       bytea NOT NULL CHECK (length(phone) = 8),
  name        text NOT NULL,
  enrolled_at timestamptz NOT NULL,
  ended_at    timestamptz,
  -- as the leaf of its revocation says
  reason      smallint CHECK (reason BETWEEN 1 AND 6),
  ended_by    text,
  CHECK ((ended_at IS NULL) = (reason IS NULL))
);
-- one key per person
CREATE UNIQUE INDEX trip_device_now ON trip_device (person_id) WHERE ended_at IS NULL;
CREATE INDEX trip_device_person ON trip_device (person_id, enrolled_at);
CREATE INDEX trip_device_phone ON trip_device (phone);

CREATE TABLE trip_challenge (
  value       bytea PRIMARY KEY CHECK (length(value) = 16),
  kid         bytea NOT NULL REFERENCES trip_device,
  issued_at   timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL,
  used_by     bytea CHECK (length(used_by) = 8)
);
CREATE INDEX trip_challenge_kid ON trip_challenge (kid, issued_at);

-- Questions of the last days, so that none is asked twice; swept with what is too old to be asked.
CREATE TABLE trip_ask (
  kid         bytea NOT NULL REFERENCES trip_device,
  nonce       bytea NOT NULL CHECK (length(nonce) = 8),
  at          timestamptz NOT NULL,
  PRIMARY KEY (kid, nonce)
);
CREATE INDEX trip_ask_at ON trip_ask (at);

-- The auditor's key of a quarter: public halves only.
CREATE TABLE trip_auditor (
  quarter     integer NOT NULL,
  number      integer NOT NULL CHECK (number >= 1),
  seal        bytea NOT NULL CHECK (length(seal) = 65),
  sign        bytea NOT NULL CHECK (length(sign) = 65),
  fingerprint bytea NOT NULL UNIQUE CHECK (length(fingerprint) = 32),
  -- the key of the quarter before names this one; NULL: phones need fresh consent
  handover    bytea,
  saved_at    timestamptz NOT NULL,
  saved_by    text NOT NULL,
  PRIMARY KEY (quarter, number)
);

-- Place book: a destination in words, and none, one or several points.
CREATE TABLE trip_place (
  name        text PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 80),
  -- [lat, lon, radius_m, …], degrees x 1e7; radius 0: the policy's
  points      integer[] NOT NULL CHECK (cardinality(points) % 3 = 0),
  saved_at    timestamptz NOT NULL,
  saved_by    text NOT NULL
);

CREATE TABLE trip_order (
  trip        text NOT NULL CHECK (octet_length(trip) BETWEEN 1 AND 30),
  version     integer NOT NULL CHECK (version >= 1),
  people      text[] NOT NULL CHECK (cardinality(people) BETWEEN 1 AND 64),
  department  text NOT NULL,
  begins_at   timestamptz NOT NULL,
  ends_at     timestamptz NOT NULL CHECK (ends_at > begins_at),
  place       text NOT NULL,
  -- what the place book said when this version was saved
  points      integer[] NOT NULL CHECK (cardinality(points) % 3 = 0),
  by_air      boolean NOT NULL,
  purpose     text NOT NULL DEFAULT '',
  saved_at    timestamptz NOT NULL,
  saved_by    text NOT NULL,
  log_index   bigint NOT NULL,
  PRIMARY KEY (trip, version)
);
CREATE INDEX trip_order_department ON trip_order (department, begins_at);

-- The log. Gapless: who appends holds one advisory lock.
CREATE TABLE trip_leaf (
  log_index   bigint PRIMARY KEY CHECK (log_index >= 0),
  type        smallint NOT NULL,
  at          timestamptz NOT NULL,
  -- a proof's id, or a device's
  ref         bytea CHECK (length(ref) = 8),
  leaf        bytea NOT NULL,
  -- the verdict or record that the leaf hashes
  body        bytea
);
CREATE INDEX trip_leaf_ref ON trip_leaf (ref, type);
CREATE INDEX trip_leaf_type ON trip_leaf (type, log_index DESC) WHERE type <> 1;

-- Complete subtrees: level 0 are leaves, (level, place) covers leaves from place << level.
CREATE TABLE trip_node (
  level       smallint NOT NULL,
  place       bigint NOT NULL,
  hash        bytea NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (level, place)
);

-- Every checkpoint that ever left this hub.
CREATE TABLE trip_checkpoint (
  size        bigint PRIMARY KEY CHECK (size >= 0),
  at          timestamptz NOT NULL,
  note        text NOT NULL
);

CREATE TABLE trip_proof (
  cti         bytea PRIMARY KEY CHECK (length(cti) = 8),
  log_index   bigint NOT NULL UNIQUE REFERENCES trip_leaf,
  kid         bytea NOT NULL REFERENCES trip_device,
  person_id   uuid NOT NULL REFERENCES person,
  who         text NOT NULL,
  department  text NOT NULL,
  trip        text NOT NULL,
  kind        smallint NOT NULL,
  signed_at   timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  counter     bigint NOT NULL,
  -- SHA-256 of S, which is not kept
  statement   bytea NOT NULL CHECK (length(statement) = 32),
  place       smallint NOT NULL,
  band        smallint NOT NULL,
  grade       smallint NOT NULL,
  reasons     smallint[] NOT NULL,
  receipt     bytea NOT NULL
);
CREATE INDEX trip_proof_kid ON trip_proof (kid, counter);
CREATE INDEX trip_proof_person ON trip_proof (person_id, log_index DESC);
CREATE INDEX trip_proof_department ON trip_proof (department, log_index DESC);
CREATE INDEX trip_proof_trip ON trip_proof (trip, log_index);

-- X of a leaf, wrapped by a key that is not in this database.
CREATE TABLE trip_sealed (
  log_index   bigint PRIMARY KEY REFERENCES trip_leaf,
  quarter     integer NOT NULL,
  wrapped     bytea NOT NULL
);

CREATE TABLE trip_appeal (
  log_index   bigint PRIMARY KEY REFERENCES trip_leaf,
  cti         bytea NOT NULL REFERENCES trip_proof,
  by_login    text NOT NULL,
  text        text NOT NULL,
  at          timestamptz NOT NULL
);
CREATE INDEX trip_appeal_cti ON trip_appeal (cti);

-- Append-only for everybody who is not the owner of these tables; the owner's edits show in the log.
CREATE FUNCTION trip_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the trip log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER trip_leaf_stays BEFORE UPDATE OR DELETE ON trip_leaf
  FOR EACH ROW EXECUTE FUNCTION trip_log_is_append_only();
CREATE TRIGGER trip_leaf_is_not_emptied BEFORE TRUNCATE ON trip_leaf
  FOR EACH STATEMENT EXECUTE FUNCTION trip_log_is_append_only();
CREATE TRIGGER trip_node_stays BEFORE UPDATE OR DELETE ON trip_node
  FOR EACH ROW EXECUTE FUNCTION trip_log_is_append_only();
CREATE TRIGGER trip_checkpoint_stays BEFORE UPDATE OR DELETE ON trip_checkpoint
  FOR EACH ROW EXECUTE FUNCTION trip_log_is_append_only();
CREATE TRIGGER trip_proof_stays BEFORE UPDATE OR DELETE ON trip_proof
  FOR EACH ROW EXECUTE FUNCTION trip_log_is_append_only();
