-- People, what they may, what they are responsible for, and what was done by whom.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE person (
  person_id   uuid PRIMARY KEY,
  -- lower case, so that nobody is two
  login       text NOT NULL UNIQUE CHECK (login ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'),
  name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  email       text,
  roles       text[] NOT NULL,
  -- argon2id; NULL: signs in at the office's provider only
  password_hash   text,
  password_is_first boolean NOT NULL DEFAULT false,
  -- who the provider says it is: issuer and subject, never the e-mail address
  issuer      text,
  subject     text,
  created_at  timestamptz NOT NULL,
  retired_at  timestamptz,
  UNIQUE (issuer, subject),
  CHECK ((issuer IS NULL) = (subject IS NULL))
);

-- 사무: what a person is responsible for. Work is owned by duties, so that it survives a transfer.
CREATE TABLE duty (
  duty_id     uuid PRIMARY KEY,
  name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  department  text NOT NULL DEFAULT '',
  about       text NOT NULL DEFAULT '',
  created_at  timestamptz NOT NULL,
  retired_at  timestamptz
);
CREATE TABLE duty_person (
  duty_id     uuid NOT NULL REFERENCES duty,
  person_id   uuid NOT NULL REFERENCES person,
  since       timestamptz NOT NULL,
  until       timestamptz,
  PRIMARY KEY (duty_id, person_id, since)
);
CREATE UNIQUE INDEX duty_person_now ON duty_person (duty_id, person_id) WHERE until IS NULL;

CREATE TABLE login_session (
  token_sha256 bytea PRIMARY KEY,
  person_id   uuid NOT NULL REFERENCES person,
  began_at    timestamptz NOT NULL,
  seen_at     timestamptz NOT NULL,
  address     text NOT NULL
);
CREATE INDEX login_session_person ON login_session (person_id);

-- Wrong passwords of the last minutes; swept by the worker.
CREATE TABLE sign_in_failure (
  at          timestamptz NOT NULL,
  login       text NOT NULL,
  address     text NOT NULL
);
CREATE INDEX sign_in_failure_login ON sign_in_failure (login, at);
CREATE INDEX sign_in_failure_address ON sign_in_failure (address, at);

-- Sign-ins that were sent to the office's provider and are not back yet.
CREATE TABLE provider_visit (
  state_sha256 bytea PRIMARY KEY,
  nonce       text NOT NULL,
  verifier    text NOT NULL,
  back_to     text NOT NULL,
  began_at    timestamptz NOT NULL
);

CREATE TABLE audit_entry (
  number      bigint PRIMARY KEY,
  at          timestamptz NOT NULL,
  actor       text NOT NULL,
  action      text NOT NULL,
  subject     text NOT NULL,
  address     text NOT NULL,
  detail      jsonb NOT NULL,
  hash        bytea NOT NULL CHECK (length(hash) = 32)
);
CREATE INDEX audit_entry_at ON audit_entry (at);

-- Append-only for everybody who is not the owner of the table and its triggers.
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
