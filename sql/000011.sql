-- A log can end, and another go on under a new key (PROTOCOL, Log): leaves, tiles and head say which log they are of,
-- and those that ended are kept.

SET LOCAL search_path = pillarbox;

-- Counted from 0; the head is that of the last. An event without a leaf is of no log yet.
ALTER TABLE event ADD COLUMN log integer NOT NULL DEFAULT 0 CHECK (log >= 0);
ALTER TABLE event DROP CONSTRAINT event_leaf_key, ADD CONSTRAINT event_place UNIQUE (log, leaf);
ALTER TABLE tile ADD COLUMN log integer NOT NULL DEFAULT 0 CHECK (log >= 0);
ALTER TABLE tile DROP CONSTRAINT tile_pkey, ADD PRIMARY KEY (log, level, index);
ALTER TABLE head ADD COLUMN log integer NOT NULL DEFAULT 0 CHECK (log >= 0);
-- Its last entry names the next key: nothing is appended any more.
ALTER TABLE head ADD COLUMN ended boolean NOT NULL DEFAULT false;

-- `ended` proves the entry that names the next key; null for a log that was lost. `next_entry` is the first entry of
-- the log that goes on.
CREATE TABLE past_log (
  log integer PRIMARY KEY CHECK (log >= 0),
  vkey text NOT NULL UNIQUE,
  size bigint NOT NULL CHECK (size >= 0),
  checkpoint text NOT NULL,
  ended text,
  next_entry bytea
);
ALTER TABLE past_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE past_log FORCE ROW LEVEL SECURITY;

GRANT UPDATE (log) ON event TO pb_log;
GRANT SELECT (log) ON event TO pb_public;
GRANT SELECT ON past_log TO pb_public, pb_staff, pb_log;
GRANT SELECT (log) ON head TO pb_public;
GRANT INSERT (log, vkey, size, checkpoint, ended) ON past_log TO pb_log;
GRANT UPDATE (next_entry) ON past_log TO pb_log;
CREATE POLICY served ON past_log FOR SELECT TO pb_public, pb_staff, pb_log USING (true);
CREATE POLICY kept ON past_log FOR INSERT TO pb_log WITH CHECK (next_entry IS NULL);
CREATE POLICY continued ON past_log FOR UPDATE TO pb_log USING (next_entry IS NULL) WITH CHECK (next_entry IS NOT NULL);

DROP POLICY first ON event;
CREATE POLICY of_the_log ON event FOR INSERT TO pb_log WITH CHECK (kind IN ('log.started', 'log.continued', 'log.rotated'));

-- The second wall, as before: a release counts where its event stands under a signed checkpoint of its own log, the one
-- that runs or one that ended.
DROP POLICY released ON sealed;
CREATE POLICY released ON sealed FOR SELECT TO pb_staff USING (
  EXISTS (
    SELECT FROM release_item i
    JOIN release r ON r.id = i.release
    JOIN event e ON e.id = r.event
    WHERE i.submission = sealed.submission
      AND r.part = sealed.part
      AND r.expires_at > now()
      AND e.kind = CASE WHEN r.part = 'slip' THEN 'slips.released' WHEN r.purpose = 'affected' THEN 'letters.released' ELSE 'letter.released' END
      AND (EXISTS (SELECT FROM head h WHERE h.log = e.log AND e.leaf < h.signed_size) OR EXISTS (SELECT FROM past_log p WHERE p.log = e.log AND e.leaf < p.size))
  )
);
