-- The submitter's view: by receipt words a person finds their own letter and what became of it, and nobody finds
-- anything else.

SET LOCAL search_path = pillarbox;

-- Letters of the trial versions before receipt words are written in a format that is no longer read. Said here, before
-- anything is changed.
ALTER TABLE submission NO FORCE ROW LEVEL SECURITY;
DO $$
BEGIN
  IF EXISTS (SELECT FROM submission) THEN
    RAISE EXCEPTION 'This database holds letters of an earlier trial version, in a format that is no longer read. Nothing was changed. Use another data directory or another database.';
  END IF;
END $$;
ALTER TABLE submission FORCE ROW LEVEL SECURITY;

-- For an addition: the submission that it adds to. What counts stands inside the seal and in the event; this is for
-- lists.
ALTER TABLE submission ADD COLUMN first id_hex;
CREATE INDEX ON submission (first) WHERE first IS NOT NULL;

-- By the hash of the sign-in part of somebody's receipt words: their submissions, and the event of each.
CREATE TABLE receipt (
  submission id_hex PRIMARY KEY,
  hash hash NOT NULL,
  event bigint NOT NULL
);
CREATE INDEX ON receipt (hash);

-- What a release looks like to the person whose letter it was: when, which part, by which role of which body, with how
-- many others. No person.
-- Which submissions it covered stands in release_item.
CREATE TABLE reading (
  release id_hex PRIMARY KEY REFERENCES release,
  at bigint NOT NULL,
  part text NOT NULL CHECK (part IN ('slip', 'letter')),
  body slug NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'reader', 'auditor')),
  count integer NOT NULL CHECK (count >= 0),
  opened_at bigint
);

ALTER TABLE receipt ENABLE ROW LEVEL SECURITY;
ALTER TABLE receipt FORCE ROW LEVEL SECURITY;
ALTER TABLE reading ENABLE ROW LEVEL SECURITY;
ALTER TABLE reading FORCE ROW LEVEL SECURITY;

GRANT INSERT ON receipt TO pb_public;
GRANT SELECT (submission, hash, event) ON receipt TO pb_public;
GRANT SELECT (release, submission) ON release_item TO pb_public;
GRANT SELECT (release, at, part, body, role, count, opened_at) ON reading TO pb_public;
GRANT SELECT (entry, leaf) ON event TO pb_public;
GRANT SELECT (first) ON submission TO pb_inspect;
GRANT INSERT ON reading TO pb_staff;
GRANT SELECT (release) ON reading TO pb_staff;
GRANT UPDATE (opened_at) ON reading TO pb_staff;
GRANT SELECT (submission, event) ON receipt TO pb_staff;
GRANT SELECT (release, at, part, body, role, count) ON reading TO pb_inspect;

-- To see a row, one has to bring what its hash was made of: 256 secret bits, for this transaction. Without them the
-- public login sees nothing here,
-- whatever it asks; and the hashes in a dump do not help.
CREATE POLICY own ON receipt FOR SELECT TO pb_public USING (hash = sha256(decode(nullif(current_setting('pillarbox.receipt', true), ''), 'hex')));
CREATE POLICY own ON release_item FOR SELECT TO pb_public USING (EXISTS (SELECT FROM receipt r WHERE r.submission = release_item.submission));
CREATE POLICY own ON reading FOR SELECT TO pb_public USING (EXISTS (SELECT FROM release_item i WHERE i.release = reading.release));
CREATE POLICY own ON event FOR SELECT TO pb_public USING (EXISTS (SELECT FROM receipt r WHERE r.event = event.id));

-- Of events that have no place in the log yet, its own: what it writes is given back once, so that the row beside it
-- can name the event.
DROP POLICY returned ON event;
CREATE POLICY returned ON event FOR SELECT TO pb_public USING (leaf IS NULL AND kind IN ('submission.received', 'erasure.requested'));
CREATE POLICY received ON receipt FOR INSERT TO pb_public WITH CHECK (event > 0);

-- The staff process finds the event of a letter that it hands over, so that the reader's app can compare both.
CREATE POLICY shown ON receipt FOR SELECT TO pb_staff USING (EXISTS (SELECT FROM submission s WHERE s.id = receipt.submission));

-- Written with the release, before anything could sign its event; later only that it was opened, once.
CREATE POLICY starting ON reading FOR INSERT TO pb_staff WITH CHECK (
  opened_at IS NULL
  AND EXISTS (SELECT FROM release r JOIN event e ON e.id = r.event WHERE r.id = reading.release AND r.part = reading.part AND r.body = reading.body AND e.at = reading.at AND e.leaf IS NULL)
);
CREATE POLICY running ON reading FOR SELECT TO pb_staff USING (EXISTS (SELECT FROM release r WHERE r.id = reading.release));
CREATE POLICY opening ON reading FOR UPDATE TO pb_staff USING (opened_at IS NULL AND part = 'letter') WITH CHECK (opened_at IS NOT NULL);
CREATE POLICY inspected ON reading FOR SELECT TO pb_inspect USING (true);
