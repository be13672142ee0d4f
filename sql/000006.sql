-- Telling people: one delivery per person and way, its message sealed to the mailroom and gone once it is handed on.
SET LOCAL search_path = pillarbox;
GRANT USAGE ON SCHEMA pillarbox TO pb_jobs;

-- Each start of the mailroom and its key, signed with the installation's mail key. Whoever seals verifies the
-- signature.
CREATE TABLE mailroom (
  start id_hex PRIMARY KEY,
  at bigint NOT NULL,
  recipient text NOT NULL,
  signature bytea NOT NULL CHECK (octet_length(signature) = 64),
  seen_at timestamptz NOT NULL DEFAULT now()
);

-- The letters of one incident: whether they are sent or held back.
CREATE TABLE mailing (
  incident id_hex PRIMARY KEY,
  body slug NOT NULL REFERENCES body,
  paused boolean NOT NULL DEFAULT false
);

-- `person` is the entry's own id in the incident's sealed list; names and addresses stand in the sealed message only.
CREATE TABLE delivery (
  id id_hex PRIMARY KEY,
  body slug REFERENCES body,
  incident id_hex REFERENCES mailing,
  person id_hex,
  channel text NOT NULL CHECK (channel IN ('email', 'post')),
  state text NOT NULL CHECK (state IN ('handed-in', 'intended', 'sent', 'bounced', 'rejected', 'uncertain', 'hand-over-again', 'cancelled')),
  attempts integer NOT NULL DEFAULT 0,
  refusals integer NOT NULL DEFAULT 0,
  code text NOT NULL DEFAULT 'NONE' CHECK (code ~ '^[A-Z_]{1,32}$'),
  mailroom id_hex REFERENCES mailroom,
  bytes bytea CHECK (substring(bytes FROM 1 FOR 21) = 'age-encryption.org/v1'::bytea),
  salt bytea CHECK (octet_length(salt) = 32),
  commitment hash,
  handed_at timestamptz NOT NULL DEFAULT now(),
  next_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (incident, person, channel),
  CHECK ((incident IS NULL) = (person IS NULL)),
  CHECK (bytes IS NULL OR state IN ('handed-in', 'intended'))
);
ALTER TABLE delivery ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE INDEX ON delivery (incident, state);
CREATE INDEX delivery_due ON delivery (next_at) WHERE state = 'handed-in';

-- A plain notice of the program itself: a sentence of a closed set, to somebody who works here. Sealed when the
-- mailroom takes it.
CREATE TABLE notice (
  delivery id_hex PRIMARY KEY REFERENCES delivery,
  address text NOT NULL CHECK (address ~ '^[^\s@]+@[^\s@]+$'),
  subject slug NOT NULL,
  text text NOT NULL CHECK (length(text) <= 4000)
);

-- Who was rung, and what came of it, in a code. `document` is the paper of the incident that holds the words, sealed to
-- its inbox.
CREATE TABLE call_note (
  id id_hex PRIMARY KEY,
  body slug NOT NULL REFERENCES body,
  incident id_hex NOT NULL,
  person id_hex NOT NULL,
  caller id_hex NOT NULL REFERENCES account,
  outcome text NOT NULL CHECK (outcome IN ('no-answer', 'told', 'agreed-email', 'agreed-post', 'wrong-number', 'ring-later')),
  document id_hex,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON call_note (incident, person);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['mailroom', 'mailing', 'delivery', 'notice', 'call_note'] LOOP
    EXECUTE format('ALTER TABLE pillarbox.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE pillarbox.%I FORCE ROW LEVEL SECURITY', t);
  END LOOP;
END $$;

-- The staff process takes letters in and shows how far they are. It never gets a message out again, and cannot say that
-- one was handed on.
GRANT SELECT ON mailroom TO pb_staff;
GRANT SELECT, INSERT ON mailing TO pb_staff;
GRANT UPDATE (paused) ON mailing TO pb_staff;
GRANT INSERT ON delivery TO pb_staff;
GRANT SELECT (id, body, incident, person, channel, state, attempts, code, mailroom, salt, commitment, handed_at, next_at, changed_at) ON delivery TO pb_staff;
GRANT UPDATE (state, code, mailroom, bytes, salt, commitment, handed_at, next_at, changed_at) ON delivery TO pb_staff;
GRANT INSERT ON notice TO pb_staff;
GRANT SELECT, INSERT ON call_note TO pb_staff;
CREATE POLICY shown ON mailroom FOR SELECT TO pb_staff USING (at > 0);
CREATE POLICY shown ON mailing FOR SELECT TO pb_staff USING (body IS NOT NULL);
CREATE POLICY begun ON mailing FOR INSERT TO pb_staff WITH CHECK (body IS NOT NULL);
CREATE POLICY held ON mailing FOR UPDATE TO pb_staff USING (body IS NOT NULL);
CREATE POLICY tracked ON delivery FOR SELECT TO pb_staff USING (incident IS NOT NULL);
CREATE POLICY handed_in ON delivery FOR INSERT TO pb_staff WITH CHECK (
  (state = 'handed-in' AND channel = 'email' AND ((incident IS NOT NULL AND bytes IS NOT NULL AND mailroom IS NOT NULL) OR (incident IS NULL AND bytes IS NULL)))
  OR (state = 'sent' AND channel = 'post' AND bytes IS NULL)
);
CREATE POLICY decided ON delivery FOR UPDATE TO pb_staff
  USING (incident IS NOT NULL AND (state IN ('handed-in', 'uncertain', 'hand-over-again') OR (channel = 'post' AND state = 'sent')))
  WITH CHECK (state IN ('handed-in', 'sent', 'hand-over-again', 'cancelled') OR (channel = 'post' AND state = 'bounced'));
CREATE POLICY noticed ON notice FOR INSERT TO pb_staff WITH CHECK (length(text) > 0);
CREATE POLICY shown ON call_note FOR SELECT TO pb_staff USING (body IS NOT NULL);
CREATE POLICY noted ON call_note FOR INSERT TO pb_staff WITH CHECK (at <= now() + interval '1 minute');

-- The jobs process moves deliveries through their states. What it reads of a message is sealed to the mailroom.
GRANT SELECT, INSERT ON mailroom TO pb_jobs;
GRANT UPDATE (seen_at) ON mailroom TO pb_jobs;
GRANT SELECT ON mailing, delivery, notice TO pb_jobs;
GRANT INSERT ON delivery, notice TO pb_jobs;
GRANT UPDATE (state, attempts, refusals, code, mailroom, bytes, next_at, changed_at) ON delivery TO pb_jobs;
GRANT DELETE ON notice TO pb_jobs;
GRANT INSERT (at, kind, entry) ON event TO pb_jobs;
GRANT SELECT (id) ON event TO pb_jobs;
CREATE POLICY known ON mailroom FOR SELECT TO pb_jobs USING (at > 0);
CREATE POLICY started ON mailroom FOR INSERT TO pb_jobs WITH CHECK (octet_length(signature) = 64);
CREATE POLICY seen ON mailroom FOR UPDATE TO pb_jobs USING (at > 0);
CREATE POLICY looked_at ON mailing FOR SELECT TO pb_jobs USING (body IS NOT NULL);
CREATE POLICY worked_on ON delivery FOR SELECT TO pb_jobs USING (channel = 'email');
CREATE POLICY reminded ON delivery FOR INSERT TO pb_jobs WITH CHECK (incident IS NULL AND state = 'handed-in');
CREATE POLICY moved ON delivery FOR UPDATE TO pb_jobs USING (channel = 'email' AND state NOT IN ('bounced', 'rejected', 'cancelled')) WITH CHECK (channel = 'email' AND state <> 'cancelled');
CREATE POLICY sending ON notice FOR SELECT TO pb_jobs USING (EXISTS (SELECT FROM delivery d WHERE d.id = notice.delivery AND d.state IN ('handed-in', 'intended', 'sent', 'uncertain')));
CREATE POLICY reminded ON notice FOR INSERT TO pb_jobs WITH CHECK (length(text) > 0);
CREATE POLICY done ON notice FOR DELETE TO pb_jobs USING (delivery IS NOT NULL);
CREATE POLICY just_written ON event FOR SELECT TO pb_jobs USING (leaf IS NULL);
CREATE POLICY mailed ON event FOR INSERT TO pb_jobs WITH CHECK (leaf IS NULL AND kind IN ('mailroom.started', 'delivery.ended'));
