-- People and forms: bodies, their forms, what their owners signed, accounts, keys, and requests to read.
-- The first file, so the schema begins here. Run by the migrate login; the other logins exist already
-- (src/server/database/migrate.ts). Identity is the login. Every table forces row security. Within a file: tables, then
-- the rights of each login, then row security and its policies.

CREATE SCHEMA pillarbox;
SET LOCAL search_path = pillarbox;
REVOKE ALL ON SCHEMA pillarbox FROM PUBLIC;
GRANT USAGE ON SCHEMA pillarbox TO pb_public, pb_staff, pb_log, pb_inspect, pb_jobs;

CREATE DOMAIN id_hex AS text CHECK (VALUE ~ '^[0-9a-f]{32}$');
CREATE DOMAIN slug AS text CHECK (VALUE ~ '^[a-z0-9-]{1,64}$');
CREATE DOMAIN hash AS bytea CHECK (octet_length(VALUE) = 32);

-- Bodies and forms: what every page shows anyway.

CREATE TABLE body (
  -- Names of logs are made of it (src/domain/log/names.ts).
  id slug PRIMARY KEY CHECK (id !~ '^[0-9]+$' AND id NOT IN ('tile', 'checkpoint', 'next', 'first', 'audit')),
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

-- Signed statements. The bytes are the statement; the columns beside them only find it. Its hash is its name: in the
-- log, and in the statement after it. Statements come in, and nobody changes one or takes one away.

CREATE TABLE statement (
  body slug NOT NULL REFERENCES body,
  seq integer NOT NULL CHECK (seq >= 0),
  bytes bytea NOT NULL,
  signature bytea NOT NULL CHECK (octet_length(signature) = 64),
  hash bytea GENERATED ALWAYS AS (sha256(bytes)) STORED UNIQUE,
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

-- People. Operators belong to no body; who is one stands in the configuration, and a row that says so makes nobody one.

CREATE TABLE account (
  id id_hex PRIMARY KEY,
  body slug REFERENCES body,
  role text NOT NULL CHECK (role IN ('operator', 'owner', 'reader', 'auditor')),
  name text NOT NULL,
  email text NOT NULL UNIQUE CHECK (email = lower(email)),
  recipient text,
  signing_key bytea,
  details_salt bytea,
  -- locked: let out by a statement that was lost with a database, as the newest log says (`restore`)
  state text NOT NULL CHECK (state IN ('waiting', 'confirmed', 'locked', 'closed')),
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((role = 'operator') = (body IS NULL))
);

-- A way of a person to open their keys, and the copy of the keys that is sealed to it alone. Copies come in, and nobody
-- changes one: what a person has is opened by what was written when the copy was made. Of what a copy is sealed to there
-- is the hash, so that nobody here could seal another copy to it.
CREATE TABLE unlocker (
  id id_hex PRIMARY KEY,
  account id_hex NOT NULL REFERENCES account,
  kind text NOT NULL CHECK (kind IN ('passphrase', 'passkey')),
  label text NOT NULL CHECK (length(label) BETWEEN 1 AND 60),
  -- which rule made the salt of a passphrase (docs/FORMAT.md, Passphrase)
  salt integer CHECK (salt = 1),
  -- a passphrase signs in by a part of its own
  sign_in_hash hash,
  recipient_hash hash NOT NULL,
  sealed bytea NOT NULL CHECK (
    substring(sealed FROM 1 FOR 21) = 'age-encryption.org/v1'::bytea AND octet_length(sealed) <= 16384
  ),
  made_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz,
  -- By which it was added, an act of its person; without one it came with the keys.
  event bigint UNIQUE,
  -- A passkey signs in by a key of its own, and counts.
  credential bytea UNIQUE CHECK (octet_length(credential) BETWEEN 1 AND 1023),
  public_key bytea CHECK (octet_length(public_key) BETWEEN 1 AND 4096),
  sign_count bigint CHECK (sign_count >= 0),
  CHECK ((kind = 'passphrase') = (salt IS NOT NULL AND sign_in_hash IS NOT NULL)),
  CHECK (
    (kind = 'passkey') = (credential IS NOT NULL AND public_key IS NOT NULL AND sign_count IS NOT NULL AND event IS NOT NULL)
  )
);
-- Keys are made with one unlocker.
CREATE UNIQUE INDEX first_unlocker ON unlocker (account) WHERE event IS NULL;
CREATE INDEX ON unlocker (account);

-- A code beside the passphrase (RFC 6238), for whoever has turned it on: its secret, sealed under a key that the staff
-- process has and no row; the last step of thirty seconds of which a code was taken, since each counts once; how many
-- wrong ones came since when; and the hashes of the recovery codes that are left.
CREATE TABLE totp (
  account id_hex PRIMARY KEY REFERENCES account,
  id id_hex NOT NULL UNIQUE,
  event bigint NOT NULL UNIQUE,
  secret bytea NOT NULL CHECK (octet_length(secret) = 48),
  made_at timestamptz NOT NULL DEFAULT now(),
  last_step bigint NOT NULL CHECK (last_step >= 0),
  wrong integer NOT NULL DEFAULT 0 CHECK (wrong >= 0),
  wrong_since timestamptz,
  recovery bytea[] NOT NULL CHECK (cardinality(recovery) <= 10)
);

-- An invitation says who may make keys here, once, and lets nobody read: an owner confirms whoever comes, by six words.
-- `used_at` is set when somebody joined by it, and when a newer one for the same address took its place (`used_by` says
-- which); without `used_by` an owner withdrew it. Nobody invited the first owner of a body but `pillarbox init`: then
-- `invited_by` is null.
CREATE TABLE invitation (
  id id_hex PRIMARY KEY,
  body slug NOT NULL REFERENCES body,
  role text NOT NULL CHECK (role IN ('owner', 'reader', 'auditor')),
  name text NOT NULL,
  email text NOT NULL,
  invited_by id_hex REFERENCES account,
  -- false: whoever invited hands the link over by themselves
  mailed boolean NOT NULL,
  -- the delivery that brings the link
  mail id_hex,
  made_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  used_by id_hex,
  CHECK (used_by IS NULL OR used_at IS NOT NULL)
);
CREATE INDEX ON invitation (body, email);

-- The links that lead to an invitation, each by the hash of its secret. Who sends the mail makes the secret, anew with
-- each try, so that the database never holds one; all links of one invitation are used up together.
CREATE TABLE invitation_link (
  token_hash hash PRIMARY KEY,
  invitation id_hex NOT NULL REFERENCES invitation
);
CREATE INDEX ON invitation_link (invitation);

-- An owner began to compare six words with somebody who waits: the random part, made in the owner's browser. The words
-- are computed at both ends and are never here. `owner` is null where `pillarbox confirm-owner` compares a first owner.
CREATE TABLE comparison (
  nonce hash PRIMARY KEY,
  person id_hex NOT NULL REFERENCES account,
  owner id_hex REFERENCES account,
  begun_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON comparison (person, begun_at);

CREATE TABLE session (
  token_hash hash PRIMARY KEY,
  account id_hex NOT NULL REFERENCES account,
  started_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX ON session (account);

-- An inbox key, sealed to one person. Its hash stands in a statement, is part of the row's name, and is compared with
-- the statement by the inspector, who never sees the sealed key itself. Wrapped keys come in, and nobody changes one or
-- takes one away: what somebody puts beside the true one displaces nothing, because the true one is asked for by hash.
CREATE TABLE wrap (
  inbox id_hex NOT NULL,
  epoch integer NOT NULL,
  person id_hex NOT NULL REFERENCES account,
  bytes bytea NOT NULL CHECK (substring(bytes FROM 1 FOR 21) = 'age-encryption.org/v1'::bytea),
  digest bytea GENERATED ALWAYS AS (sha256(bytes)) STORED,
  PRIMARY KEY (inbox, epoch, person, digest)
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
  reason text,
  reason_salt bytea CHECK (octet_length(reason_salt) = 32),
  -- What opens the commitment to the people in the event by which it was asked, and that event: an owner's browser
  -- compares them, with the asker's signature (table `act`), before it lets anybody in.
  persons_salt bytea NOT NULL CHECK (octet_length(persons_salt) = 32),
  event bigint NOT NULL UNIQUE
);
CREATE INDEX ON request (body, state);

-- Rights: each login exactly what its process does.

GRANT SELECT ON body, form_version, statement, epoch_key TO pb_public, pb_staff;

GRANT INSERT ON form_version, statement, epoch_key TO pb_staff;
GRANT SELECT, INSERT ON account, invitation, wrap, request TO pb_staff;
GRANT SELECT, INSERT (token_hash, account, expires_at) ON session TO pb_staff;
GRANT SELECT, DELETE,
  INSERT (id, account, kind, label, salt, sign_in_hash, recipient_hash, sealed, event, credential, public_key, sign_count)
  ON unlocker TO pb_staff;
GRANT UPDATE (used_at, sign_count) ON unlocker TO pb_staff;
GRANT SELECT, DELETE, INSERT (account, id, event, secret, last_step, recovery) ON totp TO pb_staff;
GRANT UPDATE (last_step, wrong, wrong_since, recovery) ON totp TO pb_staff;
GRANT UPDATE (state) ON account TO pb_staff;
GRANT SELECT, INSERT ON invitation_link TO pb_staff;
GRANT SELECT, INSERT (nonce, person, owner) ON comparison TO pb_staff;
GRANT UPDATE (used_at, used_by) ON invitation TO pb_staff;
GRANT UPDATE (seen_at) ON session TO pb_staff;
GRANT DELETE ON session TO pb_staff;
GRANT UPDATE (state, decided_at, decided_by, reason, reason_salt) ON request TO pb_staff;

-- The verifier and the inspector compare rows with what was signed. They look, and can do nothing else.
GRANT SELECT ON statement TO pb_inspect;
GRANT SELECT (inbox, epoch, body, recipient) ON epoch_key TO pb_inspect;
GRANT SELECT (inbox, epoch, person, digest) ON wrap TO pb_inspect;
GRANT SELECT (id, body, inbox, asker, persons, persons_salt, scope, until, purpose, state, event) ON request TO pb_inspect;
-- Only of operators, and only that there is one: the configuration says who may be (policy `operators`).
GRANT SELECT (id, role) ON account TO pb_inspect;

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
CREATE POLICY shown ON body FOR SELECT TO pb_public, pb_staff USING (true);
CREATE POLICY shown ON form_version FOR SELECT TO pb_public, pb_staff USING (true);
CREATE POLICY shown ON statement FOR SELECT TO pb_public, pb_staff, pb_jobs USING (true);
CREATE POLICY shown ON epoch_key FOR SELECT TO pb_public, pb_staff, pb_jobs USING (true);
CREATE POLICY shown ON request FOR SELECT TO pb_staff USING (true);
CREATE POLICY inspected ON statement FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON epoch_key FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON wrap FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON request FOR SELECT TO pb_inspect USING (true);

CREATE POLICY added ON form_version FOR INSERT TO pb_staff WITH CHECK (sha256(definition) = hash);
CREATE POLICY added ON statement FOR INSERT TO pb_staff WITH CHECK (seq >= 0);
CREATE POLICY added ON epoch_key FOR INSERT TO pb_staff WITH CHECK (epoch > 0);

CREATE POLICY operators ON account FOR SELECT TO pb_inspect USING (role = 'operator');
CREATE POLICY alive ON account FOR SELECT TO pb_staff USING (state <> 'closed');
-- Whoever joins has just used an invitation, which says the body, the role, the name and the address.
CREATE POLICY joining ON account FOR INSERT TO pb_staff
  WITH CHECK (
    state = 'waiting' AND EXISTS (
      SELECT FROM invitation i
      WHERE i.used_by = account.id AND i.body = account.body AND i.role = account.role AND i.name = account.name
        AND i.email = account.email
    )
  );
-- Somebody who waits is confirmed, once; nobody is made to wait again, or shut out, by a row.
CREATE POLICY confirming ON account FOR UPDATE TO pb_staff
  USING (role <> 'operator' AND state = 'waiting') WITH CHECK (state = 'confirmed');

-- Whoever is nobody here any more has no copy, either.
CREATE POLICY of_the_living ON unlocker FOR SELECT TO pb_staff
  USING (EXISTS (SELECT FROM account a WHERE a.id = unlocker.account));
-- The first comes with the keys; others beside an act of their person (sql/000002.sql).
CREATE POLICY joining ON unlocker FOR INSERT TO pb_staff
  WITH CHECK (
    event IS NULL AND EXISTS (SELECT FROM account a WHERE a.id = unlocker.account AND a.state = 'waiting')
  );
CREATE POLICY unlocking ON unlocker FOR UPDATE TO pb_staff USING (made_at <= now()) WITH CHECK (used_at <= now());

CREATE POLICY of_the_living ON totp FOR SELECT TO pb_staff
  USING (EXISTS (SELECT FROM account a WHERE a.id = totp.account));
-- A step that is yet to come would keep its person out until then.
CREATE POLICY using_up ON totp FOR UPDATE TO pb_staff
  USING (made_at <= now()) WITH CHECK (last_step <= extract(epoch FROM now()) / 30 + 2);

CREATE POLICY usable ON invitation FOR SELECT TO pb_staff USING (expires_at > now());
-- Seven days, and a minute for what the transaction takes.
CREATE POLICY inviting ON invitation FOR INSERT TO pb_staff
  WITH CHECK (
    used_at IS NULL AND expires_at <= now() + interval '7 days 1 minute' AND invited_by IS NOT NULL
  );
CREATE POLICY using_once ON invitation FOR UPDATE TO pb_staff
  USING (used_at IS NULL AND expires_at > now()) WITH CHECK (used_at IS NOT NULL);

-- A link leads to an invitation that is open, whoever made the link.
CREATE POLICY followed ON invitation_link FOR SELECT TO pb_staff USING (token_hash IS NOT NULL);
CREATE POLICY linking ON invitation_link FOR INSERT TO pb_staff
  WITH CHECK (
    EXISTS (SELECT FROM invitation i WHERE i.id = invitation_link.invitation AND i.used_at IS NULL AND NOT i.mailed)
  );

CREATE POLICY comparing ON comparison FOR SELECT TO pb_staff USING (begun_at > now() - interval '15 minutes');
CREATE POLICY beginning ON comparison FOR INSERT TO pb_staff
  WITH CHECK (
    owner IS NOT NULL AND EXISTS (SELECT FROM account a WHERE a.id = comparison.person AND a.state = 'waiting')
  );

CREATE POLICY running ON session FOR SELECT TO pb_staff USING (expires_at > now());
-- A session lasts a day at most, and is seen now: one that was seen in a hundred years would never be idle.
CREATE POLICY starting ON session FOR INSERT TO pb_staff
  WITH CHECK (expires_at > now() AND expires_at <= now() + interval '1 day');
CREATE POLICY seeing ON session FOR UPDATE TO pb_staff USING (expires_at > now()) WITH CHECK (seen_at <= now());
CREATE POLICY ending ON session FOR DELETE TO pb_staff USING (account IS NOT NULL);

CREATE POLICY of_the_confirmed ON wrap FOR SELECT TO pb_staff
  USING (EXISTS (SELECT FROM account a WHERE a.id = wrap.person AND a.state = 'confirmed'));
CREATE POLICY for_the_confirmed ON wrap FOR INSERT TO pb_staff
  WITH CHECK (EXISTS (SELECT FROM account a WHERE a.id = wrap.person AND a.state = 'confirmed'));

CREATE POLICY asking ON request FOR INSERT TO pb_staff WITH CHECK (state = 'open');
CREATE POLICY deciding ON request FOR UPDATE TO pb_staff USING (state = 'open') WITH CHECK (state <> 'open');
