-- Letters and log: events and their tree, letters and receipts, releases and readings, erasure. `sealed` has no policy
-- that would show a row without a logged release.

SET LOCAL search_path = pillarbox;

-- The logs: one for the host, and one for each body (decision 0046). Actors write events; the log process alone gives
-- them their leaf, in the log of the body that the entry names. Leaves, tiles and heads say whose log they are of; the
-- host's has the empty name, which no body has. A log can end, and another go on under a new key (docs/LOG.md): so they
-- also say which of its logs, counted from 0; the head is that of the last.

CREATE TABLE event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at bigint NOT NULL,
  kind text NOT NULL,
  entry bytea NOT NULL CHECK (octet_length(entry) <= 65535),
  leaf bigint,
  -- An event without a leaf is of no log yet: whose it is says its entry, and nothing beside it.
  body text NOT NULL DEFAULT '',
  log integer NOT NULL DEFAULT 0 CHECK (log >= 0),
  -- Who wrote it: no login may say so itself. What it may write is decided by the log, on the entry as it is read.
  login text NOT NULL DEFAULT session_user,
  -- Why the log did not take it: then it has no leaf and gets none (docs/LOG.md).
  aside text CHECK (aside IN ('unreadable', 'not-theirs')),
  CONSTRAINT event_aside CHECK (aside IS NULL OR leaf IS NULL)
);
-- An event that waits has no place yet, and is not in the way of those that have.
CREATE UNIQUE INDEX event_place ON event (body, log, leaf) WHERE leaf IS NOT NULL;
CREATE INDEX event_without_leaf ON event (id) WHERE leaf IS NULL AND aside IS NULL;
CREATE INDEX event_set_aside ON event (id) WHERE aside IS NOT NULL;

-- Who an entry's commitment means. Dies by erasure; the log stays as it is.
CREATE TABLE event_secret (
  event bigint NOT NULL REFERENCES event,
  person id_hex NOT NULL,
  salt bytea NOT NULL CHECK (octet_length(salt) = 32),
  PRIMARY KEY (event, person)
);

-- What a member signed in their browser: the signature under an event, written with it. Which kinds have one says
-- `src/domain/person/signed.ts`; acts of incidents have a table of their own (sql/000003.sql).
CREATE TABLE act (
  event bigint PRIMARY KEY REFERENCES event,
  person id_hex NOT NULL REFERENCES account,
  -- Once: what somebody signed is not done a second time with the same signature.
  signature bytea NOT NULL UNIQUE CHECK (octet_length(signature) = 64)
);

CREATE TABLE tile (
  level integer NOT NULL CHECK (level >= 0),
  index bigint NOT NULL CHECK (index >= 0),
  hashes bytea NOT NULL CHECK (octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0),
  body text NOT NULL DEFAULT '',
  log integer NOT NULL DEFAULT 0 CHECK (log >= 0),
  PRIMARY KEY (body, log, level, index)
);

CREATE TABLE head (
  body text PRIMARY KEY DEFAULT '',
  size bigint NOT NULL DEFAULT 0,
  root bytea,
  signed_size bigint NOT NULL DEFAULT 0 CHECK (signed_size <= size),
  checkpoint text,
  signed_at bigint,
  log integer NOT NULL DEFAULT 0 CHECK (log >= 0),
  -- Its last entry names the next key: nothing is appended any more.
  ended boolean NOT NULL DEFAULT false
);
INSERT INTO head DEFAULT VALUES;

-- Every body has a log, from the moment it is there; it has no other beginning, so nobody makes one for a name that is
-- no body's. A body that comes later begins under the key of that day.
CREATE FUNCTION begin_log() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pillarbox, pg_temp AS $$
BEGIN
  INSERT INTO head (body, log) SELECT NEW.id, log FROM head WHERE body = '' ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER logged AFTER INSERT ON body FOR EACH ROW EXECUTE FUNCTION begin_log();

-- Logs that ended are kept. `ended` proves the entry that names the next key; null for a log that was lost.
-- `next_entry` is the first entry of the log that goes on.
CREATE TABLE past_log (
  body text NOT NULL DEFAULT '',
  log integer NOT NULL CHECK (log >= 0),
  vkey text NOT NULL UNIQUE,
  size bigint NOT NULL CHECK (size >= 0),
  checkpoint text NOT NULL,
  ended text,
  next_entry bytea,
  PRIMARY KEY (body, log)
);

-- Submissions: the row that may be counted, and the sealed bytes apart from it.

CREATE TABLE submission (
  id id_hex PRIMARY KEY,
  body slug NOT NULL,
  inbox id_hex NOT NULL,
  epoch integer NOT NULL,
  form slug NOT NULL,
  form_hash hash NOT NULL,
  received_at timestamptz NOT NULL,
  size integer NOT NULL,
  path text NOT NULL CHECK (path IN ('browser', 'counter')),
  digest hash NOT NULL,
  -- For an addition: the submission that it adds to. What counts stands inside the seal and in the event; this is for
  -- lists.
  first id_hex,
  erased_at timestamptz
);
CREATE INDEX ON submission (inbox, received_at);
CREATE INDEX ON submission (first) WHERE first IS NOT NULL;

CREATE TABLE sealed (
  submission id_hex NOT NULL,
  part text NOT NULL CHECK (part IN ('slip', 'letter')),
  -- Sealed bytes do not compress; trying costs time on every row.
  bytes bytea STORAGE EXTERNAL NOT NULL CHECK (substring(bytes FROM 1 FOR 21) = 'age-encryption.org/v1'::bytea),
  -- The verifier compares rows with the log by it. It never sees the bytes: they would leave without a trace.
  digest bytea GENERATED ALWAYS AS (sha256(bytes)) VIRTUAL,
  PRIMARY KEY (submission, part)
)
-- What fits into a page stands in it: cut into pieces of 2 KB it would be three more rows, each with its index entry.
WITH (toast_tuple_target = 8160);

-- By the hash of the sign-in part of somebody's receipt words: their submissions, and the event of each. By it a person
-- finds their own letter and what became of it, and nobody finds anything else.
CREATE TABLE receipt (
  submission id_hex PRIMARY KEY,
  hash hash NOT NULL,
  event bigint NOT NULL
);
CREATE INDEX ON receipt (hash);

-- What is sealed to an incident's own inbox: lists of people, texts. It belongs to incidents and stands in this file
-- because a release names it, and it is released like a letter.
CREATE TABLE incident_document (
  id id_hex PRIMARY KEY,
  incident id_hex NOT NULL,
  body slug NOT NULL REFERENCES body,
  event bigint NOT NULL UNIQUE REFERENCES event,
  inbox id_hex NOT NULL,
  epoch integer NOT NULL CHECK (epoch > 0),
  bytes bytea STORAGE EXTERNAL NOT NULL CHECK (substring(bytes FROM 1 FOR 21) = 'age-encryption.org/v1'::bytea)
);

-- Releases: one event, one person, one part, until it runs out.

CREATE TABLE release (
  id id_hex PRIMARY KEY,
  event bigint NOT NULL UNIQUE REFERENCES event,
  body slug NOT NULL,
  inbox id_hex NOT NULL,
  person id_hex NOT NULL REFERENCES account,
  purpose text NOT NULL CHECK (purpose IN ('list', 'open', 'affected', 'incident')),
  part text NOT NULL CHECK (part IN ('slip', 'letter', 'document')),
  ids_salt bytea CHECK (octet_length(ids_salt) = 32),
  -- The tree over the ids that the entry commits to, as its tiles: by it and the salt a writer is shown that their
  -- letter was among them. Without the salt it tells nothing.
  ids_tree bytea STORAGE EXTERNAL CHECK (octet_length(ids_tree) % 32 = 0),
  expires_at timestamptz NOT NULL,
  document id_hex REFERENCES incident_document,
  -- Which letter a reading was of is forgotten with the letter. A list keeps its salt: it speaks for others, too.
  CHECK (ids_salt IS NOT NULL OR purpose = 'open'),
  CONSTRAINT release_document_check
    CHECK ((document IS NOT NULL) = (part = 'document') AND (part = 'document') = (purpose = 'incident'))
);
CREATE TABLE release_item (
  release id_hex NOT NULL REFERENCES release,
  submission id_hex NOT NULL REFERENCES submission,
  PRIMARY KEY (release, submission)
);
CREATE INDEX ON release_item (submission);

-- What a release looks like to the person whose letter it was: when, which part, by which role of which body, with how
-- many others. No person. Which submissions it covered stands in release_item.
CREATE TABLE reading (
  release id_hex PRIMARY KEY REFERENCES release,
  at bigint NOT NULL,
  part text NOT NULL CHECK (part IN ('slip', 'letter')),
  body slug NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'reader', 'auditor')),
  count integer NOT NULL CHECK (count >= 0),
  opened_at bigint,
  opened_event bigint REFERENCES event
);
CREATE INDEX ON reading (opened_event) WHERE opened_event IS NOT NULL;

-- Cases: what people did about a letter, one act behind the other (decision 0067). The act itself is its event; this row
-- says where it stands. A case bears the id of the letter that it began with.

CREATE TABLE case_act (
  submission id_hex NOT NULL REFERENCES submission,
  seq integer NOT NULL CHECK (seq >= 0),
  event bigint NOT NULL UNIQUE REFERENCES event,
  PRIMARY KEY (submission, seq)
);

-- What was answered, sealed to whoever has the words of the letter and to its inbox. It comes in, goes with the letter,
-- and is changed by nobody.
CREATE TABLE reply (
  id id_hex PRIMARY KEY,
  submission id_hex NOT NULL REFERENCES submission,
  event bigint NOT NULL UNIQUE REFERENCES event,
  bytes bytea STORAGE EXTERNAL NOT NULL CHECK (substring(bytes FROM 1 FOR 21) = 'age-encryption.org/v1'::bytea),
  digest bytea GENERATED ALWAYS AS (sha256(bytes)) VIRTUAL
);
CREATE INDEX ON reply (submission);

-- What those who handle a letter wrote for one another, sealed to its inbox. It comes in and goes as a reply does.
CREATE TABLE case_note (
  id id_hex PRIMARY KEY,
  submission id_hex NOT NULL REFERENCES submission,
  event bigint NOT NULL UNIQUE REFERENCES event,
  bytes bytea STORAGE EXTERNAL NOT NULL CHECK (substring(bytes FROM 1 FOR 21) = 'age-encryption.org/v1'::bytea),
  digest bytea GENERATED ALWAYS AS (sha256(bytes)) VIRTUAL
);
CREATE INDEX ON case_note (submission);

-- That somebody with the words was given a reply, the first time. More the server does not know.
CREATE TABLE reply_fetched (
  reply id_hex PRIMARY KEY REFERENCES reply,
  event bigint NOT NULL UNIQUE REFERENCES event
);

-- It is written while the letter is held, as an erasure holds it: whichever comes second waits. Of a reply that went
-- meanwhile nothing is written.
CREATE FUNCTION hold_letter() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pillarbox, pg_temp AS $$
BEGIN
  PERFORM FROM submission WHERE id = (SELECT submission FROM reply WHERE id = NEW.reply) FOR KEY SHARE;
  IF NOT EXISTS (SELECT FROM reply WHERE id = NEW.reply) THEN RETURN NULL; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER held BEFORE INSERT ON reply_fetched FOR EACH ROW EXECUTE FUNCTION hold_letter();

-- Erasure: somebody asks, an owner decides, and what is granted is taken out of the rows in the transaction of its
-- event. The log stays as it is.

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
CREATE INDEX erasure_unswept ON erasure (id) WHERE state = 'granted' AND swept_at IS NULL;
-- Asking twice is asking once; after a refusal one may ask again.
CREATE UNIQUE INDEX erasure_running ON erasure (submission) WHERE state IN ('open', 'granted');
CREATE INDEX ON erasure (submission);

-- Takes letters out of the live rows: sealed parts and replies, the salts of readings of these letters alone, reasons that were
-- written about them. Nobody but the owner of the tables may call it by itself: `erase` does, and the restoring of an
-- older database.
CREATE FUNCTION forget(ids text[], OUT parts integer, OUT releases integer)
  LANGUAGE plpgsql SET search_path = pillarbox, pg_temp AS $$
DECLARE texts integer;
BEGIN
  PERFORM FROM submission WHERE id = ANY (ids) ORDER BY id FOR UPDATE;
  UPDATE submission SET erased_at = now() WHERE id = ANY (ids) AND erased_at IS NULL;
  DELETE FROM sealed WHERE submission = ANY (ids);
  GET DIAGNOSTICS parts = ROW_COUNT;
  DELETE FROM reply_fetched WHERE reply IN (SELECT id FROM reply WHERE submission = ANY (ids));
  DELETE FROM reply WHERE submission = ANY (ids);
  GET DIAGNOSTICS texts = ROW_COUNT;
  parts := parts + texts;
  DELETE FROM case_note WHERE submission = ANY (ids);
  GET DIAGNOSTICS texts = ROW_COUNT;
  parts := parts + texts;
  UPDATE release SET ids_salt = NULL WHERE purpose = 'open' AND ids_salt IS NOT NULL AND id IN (SELECT release FROM release_item WHERE submission = ANY (ids));
  GET DIAGNOSTICS releases = ROW_COUNT;
  DELETE FROM release_item i USING release r WHERE r.id = i.release AND i.submission = ANY (ids) AND r.purpose = 'open';
  UPDATE erasure SET reason_text = NULL, reason_salt = NULL WHERE submission = ANY (ids);
END $$;

-- What an erasure would take: how many sealed parts, replies and notes together, and the salts of how many readings. Whoever asks holds the letter
-- until the transaction ends, so that the numbers stand in the event before anything is deleted.
CREATE FUNCTION erasing(which text, additions text[], OUT parts integer, OUT releases integer)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pillarbox, pg_temp AS $$
DECLARE letter text;
BEGIN
  SELECT submission INTO letter FROM erasure WHERE id = which AND state = 'open' FOR UPDATE;
  IF letter IS NULL THEN RAISE EXCEPTION 'nothing is erased without an open request'; END IF;
  IF EXISTS (SELECT FROM unnest(additions) AS given (id)
  WHERE NOT EXISTS (SELECT FROM submission s WHERE s.id = given.id
    AND s.first = letter)) THEN
    RAISE EXCEPTION 'with a letter goes only what was added to it';
  END IF;
  PERFORM FROM submission WHERE id = ANY (letter || additions) ORDER BY id FOR UPDATE;
  SELECT (SELECT count(*) FROM sealed WHERE submission = ANY (letter || additions))
    + (SELECT count(*) FROM reply WHERE submission = ANY (letter || additions))
    + (SELECT count(*) FROM case_note WHERE submission = ANY (letter || additions)) INTO parts;
  SELECT count(*) INTO releases FROM release WHERE purpose = 'open' AND ids_salt IS NOT NULL AND id IN (SELECT release FROM release_item WHERE submission = ANY (letter || additions));
END $$;

-- The staff login's one way to delete: for a request that is open, with the event and the signed act of this very
-- erasure, both written in this transaction, and never to look. With a letter goes what was added to it, and nothing
-- else. Whether the signature holds is asked by the server before, and by verifier and certificate ever after.
CREATE FUNCTION erase(which text, additions text[], by_event bigint)
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pillarbox, pg_temp AS $$
DECLARE
  letter text;
  said jsonb;
  counted record;
  gone record;
BEGIN
  SELECT e.parts, e.releases INTO counted FROM erasing(which, additions) e;
  SELECT submission INTO letter FROM erasure WHERE id = which;
  SELECT convert_from(e.entry, 'UTF8')::jsonb INTO said FROM event e JOIN act a ON a.event = e.id
    WHERE e.id = by_event AND e.kind = 'erasure.done' AND e.leaf IS NULL
      AND e.xmin = pg_current_xact_id()::xid AND a.xmin = pg_current_xact_id()::xid;
  IF said IS NULL THEN RAISE EXCEPTION 'nothing is erased without its event and its signed act'; END IF;
  IF said ->> 'kind' <> 'erasure.done' OR said ->> 'erasure' <> which OR said ->> 'submission' <> letter
    OR said -> 'additions' IS DISTINCT FROM to_jsonb(additions)
    OR said -> 'parts' IS DISTINCT FROM to_jsonb(counted.parts)
    OR said -> 'releases' IS DISTINCT FROM to_jsonb(counted.releases) THEN
    RAISE EXCEPTION 'the signed act is of another erasure';
  END IF;
  SELECT f.parts, f.releases INTO gone FROM forget(letter || additions) f;
  IF gone IS DISTINCT FROM counted THEN RAISE EXCEPTION 'another number was erased than the event says'; END IF;
END $$;

-- An event that has to be signed is not committed without its signature. A desk that puts an older database back writes
-- events with the leaf that they have already; their signatures are lost with the rows.
CREATE FUNCTION demand_act() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pillarbox, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM act WHERE event = NEW.id) THEN
    RAISE EXCEPTION 'an event of this kind needs its signed act';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER signed AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.leaf IS NULL AND NEW.kind IN (
    'case.replied', 'case.assigned', 'case.noted', 'case.closed', 'case.reopened', 'erasure.done', 'erasure.refused', 'grant.requested', 'request.declined', 'request.withdrawn',
    'invitation.withdrawn', 'person.refused',
    'messages.handed-in', 'messages.paused', 'messages.resumed', 'messages.posted', 'delivery.decided', 'call.made',
    'unlocker.added', 'unlocker.removed', 'totp.on', 'totp.off'
  ))
  EXECUTE FUNCTION demand_act();

-- Whoever has no unlocker has lost their keys: the last one is taken away by nobody, unless its person is closed or was let
-- out, who is to have no keys any more. The account's row is written, so that of two transactions that do not see each
-- other one fails.
CREATE FUNCTION keep_one() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pillarbox, pg_temp AS $$
BEGIN
  UPDATE account SET state = state WHERE id = OLD.account;
  IF NOT EXISTS (SELECT FROM unlocker WHERE account = OLD.account)
    AND EXISTS (SELECT FROM account WHERE id = OLD.account AND state NOT IN ('locked', 'closed')) THEN
    RAISE EXCEPTION 'the last unlocker of a person stays';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER kept AFTER DELETE ON unlocker FOR EACH ROW EXECUTE FUNCTION keep_one();

-- Which of these events name a letter, an inbox, a form or an incident of another body than the one in whose log they
-- would stand: such an entry is in the wrong log, whoever wrote it, and one body would read of another. What nobody has
-- a row of is no other body's.
CREATE FUNCTION of_others(events bigint[]) RETURNS SETOF bigint
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pillarbox, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT e.id FROM (
    SELECT event.id, convert_from(event.entry, 'UTF8')::jsonb AS said FROM event WHERE event.id = ANY (events)
  ) e
  WHERE (
      EXISTS (SELECT FROM epoch_key k WHERE k.inbox = e.said ->> 'inbox')
      AND NOT EXISTS (SELECT FROM epoch_key k WHERE k.inbox = e.said ->> 'inbox' AND k.body = e.said ->> 'body')
    )
    OR EXISTS (SELECT FROM submission s WHERE s.id = e.said ->> 'submission' AND s.body <> e.said ->> 'body')
    OR EXISTS (SELECT FROM incident_act a WHERE a.incident = e.said ->> 'incident' AND a.body <> e.said ->> 'body');
END $$;

-- The public login's one way to write a letter: lock, check, rows and event, once and in one go. What may be asked of a
-- batch is asked here, once: that no statement has come since the program decided, that each inbox has this epoch, that
-- what adds to a letter brings its receipt. The entry is made here from the very bytes that are stored, so no row says
-- another thing than its event. `packed` has the letters one behind the other, and `places` where each begins (from 1):
-- 228 bytes of fixed width (src/server/public/packed.ts), then slip and letter. Answers 0 where a statement has come:
-- nothing is written then; else the number of each letter that was not written, with what was stored under its id
-- before, or nothing where it is refused.
CREATE FUNCTION receive(
  bodies text[], heads integer[], forms text[], said_at bigint, places integer[], packed bytea
) RETURNS TABLE (which integer, known bytea, known_at bigint)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pillarbox, pg_temp AS $$
DECLARE
  written integer[];
BEGIN
  IF said_at IS NULL
    OR to_timestamp(said_at / 1000.0) NOT BETWEEN now() - interval '10 minutes' AND now() + interval '1 minute' THEN
    RAISE EXCEPTION 'a letter is received now';
  END IF;
  PERFORM pg_advisory_xact_lock_shared(7212, hashtext(b)) FROM unnest(bodies) AS b;
  -- A query of its own: what it sees must be of a moment when the lock was held.
  IF EXISTS (
    SELECT FROM unnest(bodies, heads) AS b (body, seq)
    WHERE b.seq IS NULL OR EXISTS (SELECT FROM statement s WHERE s.body = b.body AND s.seq > b.seq)
  ) THEN
    RETURN QUERY SELECT 0, NULL::bytea, NULL::bigint;
    RETURN;
  END IF;
  WITH given AS MATERIALIZED (
    SELECT
      p.nth,
      bodies[1 + get_byte(p.fixed, 0)] AS body,
      forms[1 + get_byte(p.fixed, 1)] AS form,
      CASE get_byte(p.fixed, 2) WHEN 0 THEN 'browser' WHEN 1 THEN 'counter' END AS path,
      CASE get_byte(p.fixed, 3) WHEN 1 THEN encode(substring(p.fixed FROM 37 FOR 16), 'hex') END AS first,
      substring(p.fixed FROM 5 FOR 4)::integer AS epoch,
      substring(p.fixed FROM 9 FOR 4)::integer AS size,
      encode(substring(p.fixed FROM 21 FOR 16), 'hex') AS id,
      encode(substring(p.fixed FROM 53 FOR 16), 'hex') AS inbox,
      substring(p.fixed FROM 69 FOR 32) AS form_hash,
      substring(p.fixed FROM 101 FOR 32) AS digest,
      substring(p.fixed FROM 133 FOR 32) AS receipt,
      encode(substring(p.fixed FROM 165 FOR 32), 'hex') AS commitment,
      encode(substring(p.fixed FROM 197 FOR 32), 'hex') AS nonce,
      substring(packed FROM p.place + 228 FOR substring(p.fixed FROM 13 FOR 4)::integer) AS slip,
      substring(
        packed FROM p.place + 228 + substring(p.fixed FROM 13 FOR 4)::integer
        FOR substring(p.fixed FROM 17 FOR 4)::integer
      ) AS letter
    FROM (
      SELECT nth::integer, place, substring(packed FROM place FOR 228) AS fixed
      FROM unnest(places) WITH ORDINALITY AS one (place, nth)
      OFFSET 0
    ) p
  ), taken AS (
    INSERT INTO submission (id, body, inbox, epoch, form, form_hash, received_at, size, path, digest, first)
    SELECT g.id, g.body, g.inbox, g.epoch, g.form, g.form_hash, to_timestamp(said_at / 1000.0), g.size, g.path, g.digest, g.first
    FROM given g
    WHERE EXISTS (SELECT FROM epoch_key k WHERE k.inbox = g.inbox AND k.epoch = g.epoch AND k.body = g.body)
      AND octet_length(g.slip) > 200 AND octet_length(g.letter) > 200 AND g.size > 0
      AND octet_length(g.commitment) = 64 AND octet_length(g.nonce) = 64
      AND (
        g.first IS NULL
        OR EXISTS (
          SELECT FROM submission s JOIN receipt r ON r.submission = s.id
          WHERE s.id = g.first AND s.body = g.body AND s.inbox = g.inbox AND s.first IS NULL
            AND s.erased_at IS NULL AND r.hash = g.receipt
        )
      )
    ON CONFLICT (id) DO NOTHING
    RETURNING id
  ), fresh AS MATERIALIZED (
    SELECT g.*, nextval('event_id_seq') AS event FROM given g JOIN taken t ON t.id = g.id
  ), parts AS (
    INSERT INTO sealed (submission, part, bytes)
    SELECT id, 'slip', slip FROM fresh UNION ALL SELECT id, 'letter', letter FROM fresh
  ), events AS (
    INSERT INTO event (id, at, kind, entry) OVERRIDING SYSTEM VALUE
    SELECT event, said_at, 'submission.received', convert_to(concat(
      '{"at":', said_at, ',"body":"', body, '","commitment":"', commitment, '","epoch":', epoch,
      CASE WHEN first IS NOT NULL THEN ',"first":"' || first || '"' END,
      ',"formHash":"', encode(form_hash, 'hex'), '","inbox":"', inbox,
      '","kind":"submission.received","letter":"', encode(sha256(letter), 'hex'), '","nonce":"', nonce,
      '","path":"', path, '","size":', size, ',"slip":"', encode(sha256(slip), 'hex'),
      '","submission":"', id, '","v":1}'
    ), 'UTF8')
    FROM fresh
  ), receipts AS (
    INSERT INTO receipt (submission, hash, event) SELECT id, receipt, event FROM fresh
  )
  SELECT coalesce(array_agg(nth), '{}') INTO written FROM fresh;
  IF cardinality(written) < cardinality(places) THEN
    -- A query of its own: somebody else may have stored the same id meanwhile.
    RETURN QUERY
    SELECT one.nth::integer, s.digest::bytea, (extract(epoch FROM s.received_at) * 1000)::bigint
    FROM unnest(places) WITH ORDINALITY AS one (place, nth)
    LEFT JOIN submission s ON s.id = encode(substring(packed FROM one.place + 20 FOR 16), 'hex')
    WHERE one.nth <> ALL (written);
  END IF;
END $$;

-- Everybody may call a new function until that is taken away.
REVOKE ALL ON FUNCTION
  forget(text[]), erasing(text, text[]), erase(text, text[], bigint), demand_act(), begin_log(), of_others(bigint[]),
  receive(text[], integer[], text[], bigint, integer[], bytea), keep_one(), hold_letter()
  FROM PUBLIC;

-- Rights: each login exactly what its process does.

-- The public process takes letters in by one function, serves tiles and the checkpoint, and tells whoever brings receipt
-- words what became of their letter. It may ask for erasure, and decides nothing. How far the tree is signed it reads
-- from the checkpoint itself.
GRANT EXECUTE ON FUNCTION receive(text[], integer[], text[], bigint, integer[], bytea) TO pb_public;
GRANT INSERT (at, kind, entry) ON event TO pb_public;
GRANT SELECT (id, entry, leaf, body, log) ON event TO pb_public;
GRANT SELECT ON tile, past_log TO pb_public;
GRANT SELECT (checkpoint, body, log) ON head TO pb_public;
GRANT SELECT (id, digest, received_at) ON submission TO pb_public;
GRANT SELECT (submission, hash, event) ON receipt TO pb_public;
GRANT SELECT (release, submission) ON release_item TO pb_public;
GRANT SELECT (release, at, part, body, role, count, opened_at, opened_event) ON reading TO pb_public;
GRANT SELECT (id, event, ids_salt, ids_tree) ON release TO pb_public;
GRANT INSERT (id, submission, asked_by) ON erasure TO pb_public;
GRANT SELECT (id, submission, state, asked_at, decided_at, reason, reason_text, event) ON erasure TO pb_public;
GRANT SELECT ON act, case_act TO pb_public;
GRANT SELECT (id, submission, event, bytes) ON reply TO pb_public;
GRANT SELECT (reply), INSERT ON reply_fetched TO pb_public;

GRANT INSERT (at, kind, entry) ON event TO pb_staff;
GRANT SELECT ON event, tile, head, past_log, submission, sealed TO pb_staff;
GRANT SELECT, INSERT ON event_secret, incident_document, release, release_item TO pb_staff;
GRANT INSERT ON incident_document TO pb_jobs;
GRANT SELECT (submission, event) ON receipt TO pb_staff;
GRANT INSERT ON reading TO pb_staff;
GRANT SELECT (release) ON reading TO pb_staff;
GRANT UPDATE (opened_at, opened_event) ON reading TO pb_staff;
GRANT INSERT (id, submission, asked_by) ON erasure TO pb_staff;
GRANT SELECT ON erasure TO pb_staff;
GRANT UPDATE (state, decided_at, decided_by, reason, reason_text, reason_salt, event) ON erasure TO pb_staff;
GRANT EXECUTE ON FUNCTION erasing(text, text[]), erase(text, text[], bigint) TO pb_staff;
GRANT SELECT, INSERT ON act, case_act TO pb_staff;
GRANT SELECT, INSERT (id, submission, event, bytes) ON reply, case_note TO pb_staff;
GRANT SELECT ON reply_fetched TO pb_staff;

GRANT SELECT ON event, tile, head, past_log TO pb_log;
GRANT INSERT (at, kind, entry) ON event TO pb_log;
GRANT UPDATE (leaf, body, log, aside) ON event TO pb_log;
GRANT EXECUTE ON FUNCTION of_others(bigint[]) TO pb_log;
GRANT INSERT, UPDATE (hashes) ON tile TO pb_log;
GRANT UPDATE (size, root, signed_size, checkpoint, signed_at, log, ended) ON head TO pb_log;
GRANT INSERT (body, log, vkey, size, checkpoint, ended) ON past_log TO pb_log;
GRANT UPDATE (next_entry) ON past_log TO pb_log;

-- The verifier compares rows with the log. It sees the hash of sealed bytes and never the bytes.
GRANT SELECT ON event, release_item, act, case_act, reply_fetched TO pb_inspect;
GRANT SELECT (id, submission, event, digest) ON reply, case_note TO pb_inspect;
GRANT SELECT (id, body, inbox, epoch, form_hash, received_at, size, path, first, erased_at) ON submission TO pb_inspect;
-- Of what names its event: which event, and what both say. Of a receipt not the hash by which it is found.
GRANT SELECT (submission, event) ON receipt TO pb_inspect;
GRANT SELECT (id, incident, body, event, epoch) ON incident_document TO pb_inspect;
-- The tree that rows are compared with, as it is served to everybody.
GRANT SELECT ON tile, head, past_log TO pb_inspect;
GRANT SELECT (submission, part, digest) ON sealed TO pb_inspect;
GRANT SELECT (id, event, body, inbox, purpose, part, ids_salt, document) ON release TO pb_inspect;
GRANT SELECT (release, at, part, body, role, count) ON reading TO pb_inspect;
GRANT SELECT (id, submission, asked_by, state, reason, event) ON erasure TO pb_inspect;

-- Row security: on and forced everywhere, the owner included.

DO $$
DECLARE t text;
BEGIN
  FOR t IN
    SELECT relname FROM pg_class
    WHERE relnamespace = 'pillarbox'::regnamespace AND relkind = 'r' AND NOT relforcerowsecurity
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
  END LOOP;
END $$;

-- What is public, or commits to nothing that could be read: shown whole to the logins that have the right.
CREATE POLICY shown ON submission FOR SELECT TO pb_public, pb_staff USING (true);
CREATE POLICY shown ON tile FOR SELECT TO pb_staff, pb_log USING (true);
CREATE POLICY shown ON head FOR SELECT TO pb_staff, pb_log USING (true);
CREATE POLICY shown ON event FOR SELECT TO pb_staff, pb_log USING (true);
CREATE POLICY shown ON event_secret FOR SELECT TO pb_staff USING (true);
CREATE POLICY served ON tile FOR SELECT TO pb_public USING (true);
CREATE POLICY served ON head FOR SELECT TO pb_public USING (true);
CREATE POLICY served ON past_log FOR SELECT TO pb_public, pb_staff, pb_log USING (true);
CREATE POLICY inspected ON event FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON submission FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON sealed FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON release FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON release_item FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON reading FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON erasure FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON receipt FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON incident_document FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON tile FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON head FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON past_log FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON act FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON case_act FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON reply FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON case_note FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON reply_fetched FOR SELECT TO pb_inspect USING (true);

-- Who may write which events.
CREATE POLICY asked ON event FOR INSERT TO pb_public
  WITH CHECK (leaf IS NULL AND kind IN ('erasure.requested', 'reply.fetched'));
-- What names the log's key and its beginning is written by the log itself.
CREATE POLICY written ON event FOR INSERT TO pb_staff
  WITH CHECK (
    leaf IS NULL AND kind NOT IN ('submission.received', 'reply.fetched', 'mailroom.started') AND kind NOT LIKE 'log.%'
  );
CREATE POLICY of_the_log ON event FOR INSERT TO pb_log
  WITH CHECK (kind IN ('log.started', 'log.continued', 'log.rotated', 'log.set-aside'));
-- That rows were lost with a database that was put back is said by whoever puts it back, at a desk: no server can say
-- so to hide what it took away.
CREATE POLICY at_a_desk ON event AS RESTRICTIVE FOR INSERT TO pb_public, pb_staff, pb_log
  WITH CHECK (kind <> 'database.restored');
-- Rights go by the columns beside an entry, and what is signed and believed later is the entry: both say the same, or
-- nothing is written. Otherwise whoever may write one kind could have any other signed: an erasure that nobody decided,
-- done by the next restoring, or a reading that looks like something else. The log reads each entry once more, by the
-- program's own reader, and decides again (src/domain/log/writers.ts).
CREATE POLICY as_its_entry_says ON event AS RESTRICTIVE FOR INSERT TO pb_public, pb_staff, pb_jobs, pb_log WITH CHECK (
  CASE
    WHEN entry IS JSON OBJECT WITH UNIQUE KEYS THEN
      convert_from(entry, 'UTF8')::jsonb ->> 'kind' = kind AND convert_from(entry, 'UTF8')::jsonb ->> 'at' = at::text
    ELSE false
  END
);
CREATE POLICY sequenced ON event FOR UPDATE TO pb_log
  USING (leaf IS NULL AND aside IS NULL) WITH CHECK ((leaf IS NULL) <> (aside IS NULL));
CREATE POLICY noted ON event_secret FOR INSERT TO pb_staff WITH CHECK (octet_length(salt) = 32);
-- An act is written with its event, before anything could sign that, and never later.
CREATE POLICY shown ON act FOR SELECT TO pb_staff USING (EXISTS (SELECT FROM event e WHERE e.id = act.event));
CREATE POLICY signed ON act FOR INSERT TO pb_staff
  WITH CHECK (EXISTS (SELECT FROM event e WHERE e.id = act.event AND e.leaf IS NULL AND e.aside IS NULL));

-- An unlocker comes and goes beside an act by which its person said so, and is the one that they signed for.
CREATE POLICY adding ON unlocker FOR INSERT TO pb_staff WITH CHECK (
  EXISTS (
    SELECT FROM event e, act a
    WHERE e.id = unlocker.event AND e.kind = 'unlocker.added' AND e.leaf IS NULL AND e.aside IS NULL
      AND a.event = e.id AND a.person = unlocker.account
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'unlocker' = unlocker.id
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'recipient' = encode(unlocker.recipient_hash, 'hex')
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'copy' = encode(sha256(unlocker.sealed), 'hex')
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'how' = unlocker.kind
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'credential' = encode(
        sha256(CASE unlocker.kind WHEN 'passkey' THEN unlocker.credential ELSE unlocker.sign_in_hash END), 'hex'
      )
  )
);
CREATE POLICY removing ON unlocker FOR DELETE TO pb_staff USING (
  EXISTS (
    SELECT FROM event e, act a
    WHERE e.kind = 'unlocker.removed' AND e.leaf IS NULL AND e.aside IS NULL
      AND a.event = e.id AND a.person = unlocker.account
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'unlocker' = unlocker.id
  )
);

-- So does a code beside the passphrase.
CREATE POLICY adding ON totp FOR INSERT TO pb_staff WITH CHECK (
  EXISTS (
    SELECT FROM event e, act a
    WHERE e.id = totp.event AND e.kind = 'totp.on' AND e.leaf IS NULL AND e.aside IS NULL
      AND a.event = e.id AND a.person = totp.account
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'totp' = totp.id
  )
);
CREATE POLICY removing ON totp FOR DELETE TO pb_staff USING (
  EXISTS (
    SELECT FROM event e, act a
    WHERE e.kind = 'totp.off' AND e.leaf IS NULL AND e.aside IS NULL
      AND a.event = e.id AND a.person = totp.account
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'totp' = totp.id
  )
);

-- The tree grows and is never written anew; a log ends once, and goes on once.
CREATE POLICY kept ON tile FOR INSERT TO pb_log WITH CHECK (level >= 0);
CREATE POLICY grown ON tile FOR UPDATE TO pb_log
  USING (octet_length(hashes) < 8192) WITH CHECK (octet_length(hashes) <= 8192);
CREATE POLICY grown ON head FOR UPDATE TO pb_log USING (log >= 0);
CREATE POLICY kept ON past_log FOR INSERT TO pb_log WITH CHECK (next_entry IS NULL);
CREATE POLICY continued ON past_log FOR UPDATE TO pb_log
  USING (next_entry IS NULL) WITH CHECK (next_entry IS NOT NULL);

-- Of events that have no place in the log yet, the public process sees those that it writes itself: each is given back
-- once, so that the row beside it can name the event.
CREATE POLICY returned ON event FOR SELECT TO pb_public
  USING (leaf IS NULL AND aside IS NULL AND kind IN ('erasure.requested', 'reply.fetched'));

-- To see a row, one has to bring what its hash was made of: 256 secret bits, for this transaction. Without them the
-- public login sees nothing here, whatever it asks; and the hashes in a dump do not help.
CREATE POLICY own ON receipt FOR SELECT TO pb_public
  USING (hash = sha256(decode(nullif(current_setting('pillarbox.receipt', true), ''), 'hex')));
CREATE POLICY own ON release_item FOR SELECT TO pb_public
  USING (EXISTS (SELECT FROM receipt r WHERE r.submission = release_item.submission));
CREATE POLICY own ON reading FOR SELECT TO pb_public
  USING (EXISTS (SELECT FROM release_item i WHERE i.release = reading.release));
CREATE POLICY own ON erasure FOR SELECT TO pb_public
  USING (EXISTS (SELECT FROM receipt r WHERE r.submission = erasure.submission));
-- A receipt shows the event by which its own submission was received, and no other that its row would name.
CREATE POLICY own ON event FOR SELECT TO pb_public USING (
  kind = 'submission.received'
  AND EXISTS (
    SELECT FROM receipt r
    WHERE r.event = event.id
      AND position(convert_to('"submission":"' || r.submission || '"', 'UTF8') IN event.entry) > 0
  )
);
-- Each reading of their letter comes to its writer with its entry, so that they need not believe the row.
CREATE POLICY own ON release FOR SELECT TO pb_public
  USING (EXISTS (SELECT FROM release_item i WHERE i.release = release.id));
CREATE POLICY told ON event FOR SELECT TO pb_public USING (
  kind IN ('slips.released', 'letter.released', 'letters.released', 'letter.opened')
  AND (
    EXISTS (SELECT FROM release r WHERE r.event = event.id)
    OR EXISTS (SELECT FROM reading d WHERE d.opened_event = event.id)
  )
);
-- The certificate is an entry with its proof, and with the act of whoever decided: the writer may have it, too.
CREATE POLICY erased ON event FOR SELECT TO pb_public
  USING (EXISTS (SELECT FROM erasure x WHERE x.event = event.id));
CREATE POLICY erased ON act FOR SELECT TO pb_public
  USING (EXISTS (SELECT FROM erasure x WHERE x.event = act.event));

-- What was done about a letter comes to whoever has its words, with what was answered and with each act, so that they
-- need not believe the rows; notes do not. Once they were given a reply, that is written down.
CREATE POLICY own ON reply FOR SELECT TO pb_public
  USING (EXISTS (SELECT FROM receipt r WHERE r.submission = reply.submission));
CREATE POLICY own ON case_act FOR SELECT TO pb_public
  USING (EXISTS (SELECT FROM receipt r WHERE r.submission = case_act.submission));
CREATE POLICY answered ON event FOR SELECT TO pb_public
  USING (kind LIKE 'case.%' AND EXISTS (SELECT FROM case_act c WHERE c.event = event.id));
CREATE POLICY answered ON act FOR SELECT TO pb_public
  USING (EXISTS (SELECT FROM case_act c WHERE c.event = act.event));
CREATE POLICY own ON reply_fetched FOR SELECT TO pb_public
  USING (EXISTS (SELECT FROM reply r WHERE r.id = reply_fetched.reply));
CREATE POLICY given ON reply_fetched FOR INSERT TO pb_public WITH CHECK (
  EXISTS (
    SELECT FROM reply r JOIN event e ON e.id = reply_fetched.event
    WHERE r.id = reply_fetched.reply
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'kind' = 'reply.fetched'
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'reply' = r.id
  )
);

-- An act of a case stands beside its own event, before anything could sign that; a reply or a note beside the act of
-- somebody who was given a key of the letter's inbox, and is the one that they signed.
CREATE POLICY shown ON case_act FOR SELECT TO pb_staff
  USING (EXISTS (SELECT FROM submission s WHERE s.id = case_act.submission));
CREATE POLICY done ON case_act FOR INSERT TO pb_staff WITH CHECK (
  EXISTS (
    SELECT FROM event e JOIN act a ON a.event = e.id
    WHERE e.id = case_act.event
      AND e.leaf IS NULL
      AND e.aside IS NULL
      AND e.kind LIKE 'case.%'
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'case' = case_act.submission
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'seq' = case_act.seq::text
  )
);
CREATE POLICY answering ON reply FOR INSERT TO pb_staff WITH CHECK (
  EXISTS (
    SELECT FROM case_act c
    JOIN event e ON e.id = c.event
    JOIN act a ON a.event = c.event
    JOIN submission s ON s.id = c.submission
    JOIN wrap w ON w.inbox = s.inbox AND w.person = a.person
    WHERE c.event = reply.event
      AND c.submission = reply.submission
      AND e.leaf IS NULL
      AND s.erased_at IS NULL
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'reply' = reply.id
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'digest' = encode(sha256(reply.bytes), 'hex')
  )
);
CREATE POLICY noting ON case_note FOR INSERT TO pb_staff WITH CHECK (
  EXISTS (
    SELECT FROM case_act c
    JOIN event e ON e.id = c.event
    JOIN act a ON a.event = c.event
    JOIN submission s ON s.id = c.submission
    JOIN wrap w ON w.inbox = s.inbox AND w.person = a.person
    WHERE c.event = case_note.event
      AND c.submission = case_note.submission
      AND e.leaf IS NULL
      AND s.erased_at IS NULL
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'note' = case_note.id
      AND convert_from(e.entry, 'UTF8')::jsonb ->> 'digest' = encode(sha256(case_note.bytes), 'hex')
  )
);
CREATE POLICY shown ON reply_fetched FOR SELECT TO pb_staff
  USING (EXISTS (SELECT FROM reply r WHERE r.id = reply_fetched.reply));

-- The staff process finds the event of a letter that it hands over, so that the reader's app can compare both.
CREATE POLICY shown ON receipt FOR SELECT TO pb_staff
  USING (EXISTS (SELECT FROM submission s WHERE s.id = receipt.submission));

CREATE POLICY recorded ON incident_document FOR INSERT TO pb_staff WITH CHECK (
  EXISTS (
    SELECT FROM event e
    WHERE e.id = incident_document.event
      AND e.leaf IS NULL
      AND e.aside IS NULL
      AND e.kind = 'incident.sealed'
  )
);

-- What the mailroom sealed, beside an event that says so and is no act.
CREATE POLICY returned ON incident_document FOR INSERT TO pb_jobs WITH CHECK (
  EXISTS (
    SELECT FROM event e
    WHERE e.id = incident_document.event
      AND e.leaf IS NULL
      AND e.aside IS NULL
      AND e.kind = 'document.returned'
  )
);

CREATE POLICY running ON release FOR SELECT TO pb_staff USING (expires_at > now());
-- Who read what in the past is the answer to "who looked"; what has run out releases no bytes.
CREATE POLICY past ON release FOR SELECT TO pb_staff
  USING (EXISTS (SELECT FROM event e WHERE e.id = release.event AND e.leaf IS NOT NULL));
-- A release is made with its own event, in the same transaction, before anything could sign it: an old event releases
-- nothing new. Each kind of release has its own kind of event.
CREATE POLICY starting ON release FOR INSERT TO pb_staff WITH CHECK (
  expires_at BETWEEN now() AND now() + interval '1 hour'
  AND EXISTS (
    SELECT FROM event e
    WHERE e.id = release.event
      AND e.leaf IS NULL
      AND e.aside IS NULL
      AND e.kind = CASE
        WHEN release.part = 'slip' THEN 'slips.released'
        WHEN release.part = 'document' THEN 'document.released'
        WHEN release.purpose = 'affected' THEN 'letters.released'
        ELSE 'letter.released'
      END
  )
);
CREATE POLICY running ON release_item FOR SELECT TO pb_staff
  USING (EXISTS (SELECT FROM release r WHERE r.id = release_item.release));
-- Nothing is added to a release once its event has a place in the log.
CREATE POLICY starting ON release_item FOR INSERT TO pb_staff WITH CHECK (
  EXISTS (
    SELECT FROM release r JOIN event e ON e.id = r.event
    WHERE r.id = release_item.release
      AND e.leaf IS NULL
      AND e.aside IS NULL
  )
);

-- The second wall: sealed bytes are visible only where a release of them has its event under a signed checkpoint of its
-- own log, the one that runs or one that ended, and has not run out. The rule stands here once, and makes the policy of
-- each table that holds sealed bytes (decision 0032 says why it is no function).
DO $$
DECLARE it record;
BEGIN
  FOR it IN
    SELECT * FROM (VALUES
      (
        'sealed',
        'release_item i JOIN release r ON r.id = i.release',
        'i.submission = sealed.submission AND r.part = sealed.part',
        $kind$
          CASE
            WHEN r.part = 'slip' THEN 'slips.released'
            WHEN r.purpose = 'affected' THEN 'letters.released'
            ELSE 'letter.released'
          END
        $kind$
      ),
      (
        'reply',
        'release_item i JOIN release r ON r.id = i.release',
        'i.submission = reply.submission',
        $kind$ 'letter.released' $kind$
      ),
      (
        'case_note',
        'release_item i JOIN release r ON r.id = i.release',
        'i.submission = case_note.submission',
        $kind$ 'letter.released' $kind$
      ),
      (
        'incident_document',
        'release r',
        $which$ r.document = incident_document.id AND r.part = 'document' $which$,
        $kind$ 'document.released' $kind$
      )
    ) AS holding (bytes_in, releases, of_this_row, kind)
  LOOP
    EXECUTE format(
      $policy$
        CREATE POLICY released ON %I FOR SELECT TO pb_staff USING (
          EXISTS (
            SELECT FROM %s
            JOIN event e ON e.id = r.event
            WHERE %s
              AND r.expires_at > now()
              AND e.kind = %s
              AND (
                EXISTS (SELECT FROM head h WHERE h.body = e.body AND h.log = e.log AND e.leaf < h.signed_size)
                OR EXISTS (SELECT FROM past_log p WHERE p.body = e.body AND p.log = e.log AND e.leaf < p.size)
              )
          )
        )
      $policy$,
      it.bytes_in, it.releases, it.of_this_row, it.kind
    );
  END LOOP;
END $$;

-- Written with the release, before anything could sign its event; later only that it was opened, once.
CREATE POLICY starting ON reading FOR INSERT TO pb_staff WITH CHECK (
  opened_at IS NULL
  AND EXISTS (
    SELECT FROM release r
    JOIN event e ON e.id = r.event
    WHERE r.id = reading.release
      AND r.part = reading.part
      AND r.body = reading.body
      AND e.at = reading.at
      AND e.leaf IS NULL
      AND e.aside IS NULL
  )
);
CREATE POLICY running ON reading FOR SELECT TO pb_staff
  USING (EXISTS (SELECT FROM release r WHERE r.id = reading.release));
CREATE POLICY opening ON reading FOR UPDATE TO pb_staff
  USING (opened_at IS NULL AND part = 'letter') WITH CHECK (opened_at IS NOT NULL);

CREATE POLICY asked ON erasure FOR INSERT TO pb_public WITH CHECK (state = 'open' AND asked_by = 'submitter');
CREATE POLICY begun ON erasure FOR INSERT TO pb_staff WITH CHECK (state = 'open' AND asked_by = 'retention');
CREATE POLICY of_a_letter ON erasure FOR SELECT TO pb_staff
  USING (EXISTS (SELECT FROM submission s WHERE s.id = erasure.submission));
CREATE POLICY deciding ON erasure FOR UPDATE TO pb_staff USING (state = 'open') WITH CHECK (
  state <> 'open'
  AND EXISTS (
    SELECT FROM event e JOIN act a ON a.event = e.id
    WHERE e.id = erasure.event
      AND e.leaf IS NULL
      AND e.aside IS NULL
      AND e.kind = CASE state WHEN 'granted' THEN 'erasure.done' ELSE 'erasure.refused' END
      AND position(convert_to('"erasure":"' || erasure.id || '"', 'UTF8') IN e.entry) > 0
  )
);
