-- Pillarbox, first schema. Run by the migrate login; the other logins exist already (src/server/database/migrate.ts).
-- Identity is the login. Every table forces row security; `sealed` has no policy that would show a row without a logged
-- release.

CREATE SCHEMA pillarbox;
SET LOCAL search_path = pillarbox;
REVOKE ALL ON SCHEMA pillarbox FROM PUBLIC;
GRANT USAGE ON SCHEMA pillarbox TO pb_public, pb_staff, pb_log;
ALTER DEFAULT PRIVILEGES IN SCHEMA pillarbox REVOKE ALL ON TABLES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA pillarbox REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE DOMAIN id_hex AS text CHECK (VALUE ~ '^[0-9a-f]{32}$');
CREATE DOMAIN slug AS text CHECK (VALUE ~ '^[a-z0-9-]{1,64}$');
CREATE DOMAIN hash AS bytea CHECK (octet_length(VALUE) = 32);

-- Bodies and forms: what every page shows anyway.

CREATE TABLE body (
  id slug PRIMARY KEY,
  name text NOT NULL,
  record jsonb NOT NULL
);

CREATE TABLE form_version (
  hash hash PRIMARY KEY,
  form slug NOT NULL,
  body slug NOT NULL REFERENCES body,
  definition bytea NOT NULL CHECK (sha256(definition) = hash),
  added_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON form_version (body, form);

-- Signed statements. The bytes are the statement; the columns beside them only find it.

CREATE TABLE statement (
  body slug NOT NULL REFERENCES body,
  seq integer NOT NULL CHECK (seq >= 0),
  bytes bytea NOT NULL,
  signature bytea NOT NULL CHECK (octet_length(signature) = 64),
  PRIMARY KEY (body, seq)
);

-- The public half of each epoch's key. Its hash stands in a statement.
CREATE TABLE epoch_key (
  inbox id_hex NOT NULL,
  epoch integer NOT NULL CHECK (epoch > 0),
  body slug NOT NULL REFERENCES body,
  recipient text NOT NULL,
  PRIMARY KEY (inbox, epoch)
);

-- People. Operators belong to no body.

CREATE TABLE account (
  id id_hex PRIMARY KEY,
  body slug REFERENCES body,
  role text NOT NULL CHECK (role IN ('operator', 'owner', 'reader', 'auditor')),
  name text NOT NULL,
  email text NOT NULL UNIQUE CHECK (email = lower(email)),
  sign_in_hash hash NOT NULL,
  sealed_identity bytea,
  recipient text,
  signing_key bytea,
  details_salt bytea,
  state text NOT NULL CHECK (state IN ('waiting', 'confirmed', 'closed')),
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((role = 'operator') = (body IS NULL)),
  CHECK ((role = 'operator') = (sealed_identity IS NULL))
);

CREATE TABLE invitation (
  token_hash hash PRIMARY KEY,
  body slug NOT NULL REFERENCES body,
  role text NOT NULL CHECK (role IN ('owner', 'reader', 'auditor')),
  name text NOT NULL,
  email text NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);

CREATE TABLE session (
  token_hash hash PRIMARY KEY,
  account id_hex NOT NULL REFERENCES account,
  started_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX ON session (account);

-- An inbox key, sealed to one person. Its hash stands in a statement.
CREATE TABLE wrap (
  inbox id_hex NOT NULL,
  epoch integer NOT NULL,
  person id_hex NOT NULL REFERENCES account,
  bytes bytea NOT NULL CHECK (substring(bytes FROM 1 FOR 21) = 'age-encryption.org/v1'::bytea),
  PRIMARY KEY (inbox, epoch, person)
);

CREATE TABLE request (
  id id_hex PRIMARY KEY,
  body slug NOT NULL REFERENCES body,
  inbox id_hex NOT NULL,
  asker id_hex NOT NULL REFERENCES account,
  persons text[] NOT NULL CHECK (cardinality(persons) > 0),
  scope text NOT NULL CHECK (scope IN ('all', 'from-now')),
  until bigint NOT NULL,
  purpose text NOT NULL,
  purpose_text text NOT NULL,
  purpose_salt bytea NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'confirmed', 'declined', 'withdrawn')),
  asked_at timestamptz NOT NULL DEFAULT now(),
  decided_at timestamptz,
  decided_by id_hex REFERENCES account,
  reason text
);
CREATE INDEX ON request (body, state);

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
  digest hash NOT NULL
);
CREATE INDEX ON submission (inbox, received_at);

CREATE TABLE sealed (
  submission id_hex NOT NULL,
  part text NOT NULL CHECK (part IN ('slip', 'letter')),
  bytes bytea NOT NULL CHECK (substring(bytes FROM 1 FOR 21) = 'age-encryption.org/v1'::bytea),
  PRIMARY KEY (submission, part)
);
-- Sealed bytes do not compress; trying costs time on every row.
ALTER TABLE sealed ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- The log. Actors write events; the log process alone gives them their leaf.

CREATE TABLE event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at bigint NOT NULL,
  kind text NOT NULL,
  entry bytea NOT NULL CHECK (octet_length(entry) <= 65535),
  leaf bigint UNIQUE
);
CREATE INDEX event_without_leaf ON event (id) WHERE leaf IS NULL;

-- Who an entry's commitment means. Dies by erasure; the log stays as it is.
CREATE TABLE event_secret (
  event bigint NOT NULL REFERENCES event,
  person id_hex NOT NULL,
  salt bytea NOT NULL CHECK (octet_length(salt) = 32),
  PRIMARY KEY (event, person)
);

CREATE TABLE tile (
  level integer NOT NULL CHECK (level >= 0),
  index bigint NOT NULL CHECK (index >= 0),
  hashes bytea NOT NULL CHECK (octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0),
  PRIMARY KEY (level, index)
);

CREATE TABLE head (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  size bigint NOT NULL DEFAULT 0,
  root bytea,
  signed_size bigint NOT NULL DEFAULT 0 CHECK (signed_size <= size),
  checkpoint text,
  signed_at bigint
);
INSERT INTO head DEFAULT VALUES;

-- Releases: one event, one person, one part, until it runs out.

CREATE TABLE release (
  id id_hex PRIMARY KEY,
  event bigint NOT NULL UNIQUE REFERENCES event,
  body slug NOT NULL,
  inbox id_hex NOT NULL,
  person id_hex NOT NULL REFERENCES account,
  purpose text NOT NULL CHECK (purpose IN ('list', 'open')),
  part text NOT NULL CHECK (part IN ('slip', 'letter')),
  ids_salt bytea NOT NULL CHECK (octet_length(ids_salt) = 32),
  expires_at timestamptz NOT NULL
);
CREATE TABLE release_item (
  release id_hex NOT NULL REFERENCES release,
  submission id_hex NOT NULL REFERENCES submission,
  PRIMARY KEY (release, submission)
);
CREATE INDEX ON release_item (submission);

-- Rights: each login exactly what its process does.

GRANT SELECT ON body, form_version, statement, epoch_key TO pb_public, pb_staff;
GRANT INSERT ON submission, sealed TO pb_public;
GRANT SELECT (id, digest, received_at) ON submission TO pb_public;
GRANT INSERT (at, kind, entry) ON event TO pb_public, pb_staff;
GRANT SELECT (id) ON event TO pb_public;

GRANT SELECT, INSERT ON account, invitation, session, wrap, request, release, release_item, event_secret TO pb_staff;
GRANT UPDATE (state) ON account TO pb_staff;
GRANT UPDATE (used_at) ON invitation TO pb_staff;
GRANT UPDATE (seen_at) ON session TO pb_staff;
GRANT DELETE ON session TO pb_staff;
GRANT UPDATE (bytes) ON wrap TO pb_staff;
GRANT UPDATE (state, decided_at, decided_by, reason) ON request TO pb_staff;
GRANT INSERT ON form_version, statement, epoch_key TO pb_staff;
GRANT SELECT ON submission, sealed, event, tile, head TO pb_staff;

GRANT SELECT ON event, tile, head TO pb_log;
GRANT INSERT (at, kind, entry) ON event TO pb_log;
GRANT UPDATE (leaf) ON event TO pb_log;
GRANT INSERT, UPDATE ON tile TO pb_log;
GRANT UPDATE ON head TO pb_log;

-- Row security: on and forced everywhere, the owner included.

DO $$
DECLARE t text;
BEGIN
  FOR t IN SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'pillarbox' AND c.relkind = 'r' LOOP
    EXECUTE format('ALTER TABLE pillarbox.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE pillarbox.%I FORCE ROW LEVEL SECURITY', t);
  END LOOP;
END $$;

-- What is public, or commits to nothing that could be read: shown whole to the logins that have the right.
CREATE POLICY shown ON body FOR SELECT TO pb_public, pb_staff USING (true);
CREATE POLICY shown ON form_version FOR SELECT TO pb_public, pb_staff USING (true);
CREATE POLICY shown ON statement FOR SELECT TO pb_public, pb_staff USING (true);
CREATE POLICY shown ON epoch_key FOR SELECT TO pb_public, pb_staff USING (true);
CREATE POLICY shown ON submission FOR SELECT TO pb_public, pb_staff USING (true);
CREATE POLICY shown ON tile FOR SELECT TO pb_staff, pb_log USING (true);
CREATE POLICY shown ON head FOR SELECT TO pb_staff, pb_log USING (true);
CREATE POLICY shown ON event FOR SELECT TO pb_staff, pb_log USING (true);
CREATE POLICY shown ON event_secret FOR SELECT TO pb_staff USING (true);
CREATE POLICY shown ON request FOR SELECT TO pb_staff USING (true);
CREATE POLICY returned ON event FOR SELECT TO pb_public USING (leaf IS NULL);

CREATE POLICY added ON form_version FOR INSERT TO pb_staff WITH CHECK (sha256(definition) = hash);
CREATE POLICY added ON statement FOR INSERT TO pb_staff WITH CHECK (seq >= 0);
CREATE POLICY added ON epoch_key FOR INSERT TO pb_staff WITH CHECK (epoch > 0);
CREATE POLICY received ON submission FOR INSERT TO pb_public WITH CHECK (received_at <= now() + interval '1 minute');
CREATE POLICY received ON sealed FOR INSERT TO pb_public WITH CHECK (octet_length(bytes) > 200);
CREATE POLICY received ON event FOR INSERT TO pb_public WITH CHECK (leaf IS NULL AND kind = 'submission.received');
CREATE POLICY written ON event FOR INSERT TO pb_staff WITH CHECK (leaf IS NULL AND kind NOT IN ('submission.received', 'log.started'));
CREATE POLICY first ON event FOR INSERT TO pb_log WITH CHECK (kind = 'log.started');
CREATE POLICY sequenced ON event FOR UPDATE TO pb_log USING (leaf IS NULL) WITH CHECK (leaf IS NOT NULL);
CREATE POLICY kept ON tile FOR INSERT TO pb_log WITH CHECK (level >= 0);
CREATE POLICY grown ON tile FOR UPDATE TO pb_log USING (octet_length(hashes) < 8192) WITH CHECK (octet_length(hashes) <= 8192);
CREATE POLICY grown ON head FOR UPDATE TO pb_log USING (one);

CREATE POLICY alive ON account FOR SELECT TO pb_staff USING (state <> 'closed');
CREATE POLICY joining ON account FOR INSERT TO pb_staff WITH CHECK (state = 'waiting' AND role <> 'operator');
CREATE POLICY confirming ON account FOR UPDATE TO pb_staff USING (role <> 'operator' AND state <> 'closed');
CREATE POLICY usable ON invitation FOR SELECT TO pb_staff USING (expires_at > now());
CREATE POLICY inviting ON invitation FOR INSERT TO pb_staff WITH CHECK (used_at IS NULL);
CREATE POLICY using_once ON invitation FOR UPDATE TO pb_staff USING (used_at IS NULL AND expires_at > now()) WITH CHECK (used_at IS NOT NULL);
CREATE POLICY running ON session FOR SELECT TO pb_staff USING (expires_at > now());
CREATE POLICY starting ON session FOR INSERT TO pb_staff WITH CHECK (expires_at > now());
CREATE POLICY seeing ON session FOR UPDATE TO pb_staff USING (expires_at > now());
CREATE POLICY ending ON session FOR DELETE TO pb_staff USING (account IS NOT NULL);
CREATE POLICY of_the_confirmed ON wrap FOR SELECT TO pb_staff USING (EXISTS (SELECT FROM account a WHERE a.id = wrap.person AND a.state = 'confirmed'));
CREATE POLICY for_the_confirmed ON wrap FOR INSERT TO pb_staff WITH CHECK (EXISTS (SELECT FROM account a WHERE a.id = wrap.person AND a.state = 'confirmed'));
CREATE POLICY renewed ON wrap FOR UPDATE TO pb_staff USING (EXISTS (SELECT FROM account a WHERE a.id = wrap.person AND a.state = 'confirmed'));
CREATE POLICY asking ON request FOR INSERT TO pb_staff WITH CHECK (state = 'open');
CREATE POLICY deciding ON request FOR UPDATE TO pb_staff USING (state = 'open') WITH CHECK (state <> 'open');
CREATE POLICY noted ON event_secret FOR INSERT TO pb_staff WITH CHECK (octet_length(salt) = 32);
CREATE POLICY running ON release FOR SELECT TO pb_staff USING (expires_at > now());
-- A release is made with its own event, in the same transaction, before anything could sign it: an old event releases
-- nothing new.
CREATE POLICY starting ON release FOR INSERT TO pb_staff WITH CHECK (
  expires_at BETWEEN now() AND now() + interval '1 hour'
  AND EXISTS (SELECT FROM event e WHERE e.id = release.event AND e.leaf IS NULL AND e.kind = CASE release.part WHEN 'slip' THEN 'slips.released' ELSE 'letter.released' END)
);
CREATE POLICY running ON release_item FOR SELECT TO pb_staff USING (EXISTS (SELECT FROM release r WHERE r.id = release_item.release));
-- Nothing is added to a release once its event has a place in the log.
CREATE POLICY starting ON release_item FOR INSERT TO pb_staff WITH CHECK (EXISTS (SELECT FROM release r JOIN event e ON e.id = r.event WHERE r.id = release_item.release AND e.leaf IS NULL));

-- The second wall: sealed bytes are visible only where a release of them stands under a signed checkpoint and has not
-- run out.
CREATE POLICY released ON sealed FOR SELECT TO pb_staff USING (
  EXISTS (
    SELECT FROM release_item i
    JOIN release r ON r.id = i.release
    JOIN event e ON e.id = r.event
    CROSS JOIN head h
    WHERE i.submission = sealed.submission
      AND r.part = sealed.part
      AND r.expires_at > now()
      AND e.kind = CASE r.part WHEN 'slip' THEN 'slips.released' ELSE 'letter.released' END
      AND e.leaf < h.signed_size
  )
);
