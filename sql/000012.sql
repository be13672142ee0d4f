-- What a hostile look found wider than needed: events that say one thing and are counted as another, receipts that show
-- other people's events, and the like.

SET LOCAL search_path = pillarbox;

-- Rights go by the column beside an entry, and what is signed and believed later is the entry: both say the same, or
-- nothing is written. Otherwise whoever may
-- write one kind could have any other signed: an erasure that nobody decided, done by the next restoring, or a reading
-- that looks like something else.
-- An entry has one field of this name and no object within (src/domain/log/event-fields.ts), and a quotation mark in a
-- text is written \": so the bytes tell.
CREATE POLICY as_its_entry_says ON event AS RESTRICTIVE FOR INSERT TO pb_public, pb_staff, pb_jobs, pb_log WITH CHECK (
  position(convert_to('"kind":"' || kind || '"', 'UTF8') IN entry) > 0
);

-- A receipt shows the event by which its own submission was received. The public login writes receipts: one that named
-- somebody else's event showed that.
DROP POLICY own ON event;
CREATE POLICY own ON event FOR SELECT TO pb_public USING (
  kind = 'submission.received' AND EXISTS (SELECT FROM receipt r WHERE r.event = event.id AND position(convert_to('"submission":"' || r.submission || '"', 'UTF8') IN event.entry) > 0)
);

-- Papers of an incident, as letters since 000011: a release counts under a checkpoint of its own log.
DROP POLICY released ON incident_document;
CREATE POLICY released ON incident_document FOR SELECT TO pb_staff USING (
  EXISTS (
    SELECT FROM release r
    JOIN event e ON e.id = r.event
    WHERE r.document = incident_document.id
      AND r.part = 'document'
      AND r.expires_at > now()
      AND e.kind = 'document.released'
      AND (EXISTS (SELECT FROM head h WHERE h.log = e.log AND e.leaf < h.signed_size) OR EXISTS (SELECT FROM past_log p WHERE p.log = e.log AND e.leaf < p.size))
  )
);

-- With a letter goes what was added to it, and nothing else.
CREATE OR REPLACE FUNCTION erase(which text, additions text[], OUT parts integer, OUT releases integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pillarbox, pg_temp AS $$
DECLARE letter text;
BEGIN
  SELECT submission INTO letter FROM erasure WHERE id = which AND state = 'open' FOR UPDATE;
  IF letter IS NULL THEN RAISE EXCEPTION 'nothing is erased without an open request'; END IF;
  IF EXISTS (SELECT FROM unnest(additions) AS given (id) WHERE NOT EXISTS (SELECT FROM submission s WHERE s.id = given.id AND s.first = letter)) THEN
    RAISE EXCEPTION 'with a letter goes only what was added to it';
  END IF;
  SELECT f.parts, f.releases INTO parts, releases FROM forget(letter || additions) f;
END $$;

-- That an e-mail was handed on is said by the jobs process; a person decides only of one that was tried.
DROP POLICY decided ON delivery;
CREATE POLICY decided ON delivery FOR UPDATE TO pb_staff
  USING (incident IS NOT NULL AND (state IN ('handed-in', 'uncertain', 'hand-over-again') OR (channel = 'post' AND state = 'sent')))
  WITH CHECK (state IN ('handed-in', 'hand-over-again', 'cancelled') OR (channel = 'email' AND state = 'sent' AND attempts > 0) OR (channel = 'post' AND state IN ('sent', 'bounced')));

-- Notices are written beside the row that they speak of, by the staff process.
DROP POLICY reminded ON delivery;
DROP POLICY reminded ON notice;
REVOKE INSERT ON delivery, notice FROM pb_jobs;

-- The verifier compares releases of papers with their events, too.
GRANT SELECT (document) ON release TO pb_inspect;
