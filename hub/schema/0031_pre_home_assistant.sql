-- Whether Home Assistant is told of the nodes. No row: nobody ever touched the switch, so it is off
-- and there is nothing to take back.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE home_assistant (
  one    boolean PRIMARY KEY DEFAULT true CHECK (one),
  is_on  boolean NOT NULL,
  set_at timestamptz NOT NULL,
  set_by text NOT NULL
);
