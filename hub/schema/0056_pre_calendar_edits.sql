-- What an office added to the calendar may be edited: who edits says which version was read, and a
-- calendar program hears by it that an event it has is an older one. A holiday that moves to
-- another day stays the same event: it has an id of its own.
SET LOCAL lock_timeout = '4s';
SET LOCAL statement_timeout = '60s';

ALTER TABLE calendar_duty ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version > 0);
ALTER TABLE calendar_holiday ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version > 0);
ALTER TABLE calendar_holiday ADD COLUMN holiday_id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE;
