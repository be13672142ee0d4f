-- Erasure: somebody asks, an owner decides, and what is granted is taken out of the rows in the transaction of its
-- event. The log stays as it is.

SET LOCAL search_path = pillarbox;

-- One request to erase one letter. A refusal keeps its reason; of a granted one nothing is kept that was written by
-- hand.
CREATE TABLE erasure (
  id id_hex PRIMARY KEY,
  submission id_hex NOT NULL REFERENCES submission,
  asked_by text NOT NULL CHECK (asked_by IN ('submitter', 'retention')),
  asked_at timestamptz NOT NULL DEFAULT now(),
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'granted', 'refused')),
  decided_at timestamptz,
  decided_by id_hex REFERENCES account,
  reason slug,
  reason_text text CHECK (octet_length(reason_text) <= 4000),
  reason_salt bytea CHECK (octet_length(reason_salt) = 32),
  event bigint REFERENCES event,
  -- when the database's files were written anew without it
  swept_at timestamptz,
  CHECK (num_nulls(decided_at, reason, event) = CASE state WHEN 'open' THEN 3 ELSE 0 END),
  CHECK (state = 'refused' OR num_nonnulls(reason_text, reason_salt) = 0)
);
-- Asking twice is asking once; after a refusal one may ask again.
CREATE INDEX erasure_unswept ON erasure (id) WHERE state = 'granted' AND swept_at IS NULL;
CREATE UNIQUE INDEX erasure_running ON erasure (submission) WHERE state IN ('open', 'granted');
CREATE INDEX ON erasure (submission);

ALTER TABLE submission ADD COLUMN erased_at timestamptz;
-- Which letter a reading was of is forgotten with the letter. A list keeps its salt: it speaks for others, too.
ALTER TABLE release ALTER COLUMN ids_salt DROP NOT NULL;
ALTER TABLE release ADD CHECK (ids_salt IS NOT NULL OR purpose = 'open');

-- Takes letters out of the live rows: sealed parts, the salts of readings of these letters alone, reasons that were
-- written about them.
-- Nobody but the owner of the tables may call it by itself: `erase` does, and the restoring of an older database.
CREATE FUNCTION forget(ids text[], OUT parts integer, OUT releases integer) LANGUAGE plpgsql SET search_path = pillarbox, pg_temp AS $$
BEGIN
  PERFORM FROM submission WHERE id = ANY (ids) ORDER BY id FOR UPDATE;
  UPDATE submission SET erased_at = now() WHERE id = ANY (ids) AND erased_at IS NULL;
  DELETE FROM sealed WHERE submission = ANY (ids);
  GET DIAGNOSTICS parts = ROW_COUNT;
  UPDATE release SET ids_salt = NULL WHERE purpose = 'open' AND ids_salt IS NOT NULL AND id IN (SELECT release FROM release_item WHERE submission = ANY (ids));
  GET DIAGNOSTICS releases = ROW_COUNT;
  DELETE FROM release_item i USING release r WHERE r.id = i.release AND i.submission = ANY (ids) AND r.purpose = 'open';
  UPDATE erasure SET reason_text = NULL, reason_salt = NULL WHERE submission = ANY (ids);
END $$;

-- The staff login's one way to delete: for a request that is open, and never to look. The request is closed by the same
-- transaction, with its event.
CREATE FUNCTION erase(which text, additions text[], OUT parts integer, OUT releases integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pillarbox, pg_temp AS $$
DECLARE letter text;
BEGIN
  SELECT submission INTO letter FROM erasure WHERE id = which AND state = 'open' FOR UPDATE;
  IF letter IS NULL THEN RAISE EXCEPTION 'nothing is erased without an open request'; END IF;
  SELECT f.parts, f.releases INTO parts, releases FROM forget(letter || additions) f;
END $$;
REVOKE ALL ON FUNCTION forget(text[]), erase(text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase(text, text[]) TO pb_staff;

ALTER TABLE erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE erasure FORCE ROW LEVEL SECURITY;

-- The writer asks through the public process, which may ask, and decides nothing; it is told of erasures as of
-- readings: with somebody's receipt in hand.
GRANT INSERT (id, submission, asked_by) ON erasure TO pb_public, pb_staff;
GRANT SELECT (id, submission, state, asked_at, decided_at, reason, reason_text, event) ON erasure TO pb_public;
GRANT SELECT ON erasure TO pb_staff;
GRANT UPDATE (state, decided_at, decided_by, reason, reason_text, reason_salt, event) ON erasure TO pb_staff;
CREATE POLICY asked ON erasure FOR INSERT TO pb_public WITH CHECK (state = 'open' AND asked_by = 'submitter');
CREATE POLICY begun ON erasure FOR INSERT TO pb_staff WITH CHECK (state = 'open' AND asked_by = 'retention');
CREATE POLICY own ON erasure FOR SELECT TO pb_public USING (EXISTS (SELECT FROM receipt r WHERE r.submission = erasure.submission));
CREATE POLICY of_a_letter ON erasure FOR SELECT TO pb_staff USING (EXISTS (SELECT FROM submission s WHERE s.id = erasure.submission));
CREATE POLICY deciding ON erasure FOR UPDATE TO pb_staff USING (state = 'open') WITH CHECK (state <> 'open');

CREATE POLICY asked ON event FOR INSERT TO pb_public WITH CHECK (leaf IS NULL AND kind = 'erasure.requested');

-- The certificate is an entry with its proof: the writer may have it, too.
CREATE POLICY erased ON event FOR SELECT TO pb_public USING (EXISTS (SELECT FROM erasure x WHERE x.event = event.id));

GRANT SELECT (id, submission, asked_by, state, reason, event) ON erasure TO pb_inspect;
GRANT SELECT (erased_at) ON submission TO pb_inspect;
CREATE POLICY inspected ON erasure FOR SELECT TO pb_inspect USING (true);

-- That rows were lost with a database that was put back is said by whoever puts it back, at a desk: no server can say
-- so to hide what it took away.
CREATE POLICY at_a_desk ON event AS RESTRICTIVE FOR INSERT TO pb_public, pb_staff, pb_log WITH CHECK (kind <> 'database.restored');
