-- What an office says of itself in the browser: closed days, meals, and every earlier version.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE site
  ADD COLUMN closed_on_holidays boolean NOT NULL DEFAULT true,
  -- 0: nobody saved in the browser yet, so the site file still says what is true
  ADD COLUMN version integer NOT NULL DEFAULT 0;

-- Single days: closed for a reason of the office's own, or open although it is a holiday.
CREATE TABLE site_day (
  site       text NOT NULL REFERENCES site,
  day        date NOT NULL,
  is_open    boolean NOT NULL,
  name       text NOT NULL,
  name_en    text NOT NULL,
  PRIMARY KEY (site, day)
);

CREATE TABLE site_version (
  site       text NOT NULL REFERENCES site,
  version    integer NOT NULL,
  settings   jsonb NOT NULL,
  saved_at   timestamptz NOT NULL,
  saved_by   text NOT NULL,
  -- what differs from the version before, as codes
  changes    text[] NOT NULL DEFAULT '{}',
  -- the version that was taken back up
  back_to    integer,
  PRIMARY KEY (site, version)
);

CREATE TABLE meal_day (
  site       text NOT NULL REFERENCES site,
  day        date NOT NULL,
  -- [{"name": "중식", "dishes": ["쌀밥", "미역국"]}]
  courses    jsonb NOT NULL,
  saved_at   timestamptz NOT NULL,
  saved_by   text NOT NULL,
  PRIMARY KEY (site, day)
);
