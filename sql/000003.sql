-- Incidents and messages: what people recorded about an incident, act by act, what is written beside its acts, and the
-- messages to people affected on their way to a mail server. The documents of an incident stand in 000002: releases
-- refer to them.

SET LOCAL search_path = pillarbox;

-- Acts. Nothing is changed or taken away; what an act says stands in its event, and its signature beside it.

CREATE TABLE incident_act (
  incident id_hex NOT NULL,
  seq integer NOT NULL CHECK (seq >= 0),
  body slug NOT NULL REFERENCES body,
  event bigint NOT NULL UNIQUE REFERENCES event,
  person id_hex NOT NULL REFERENCES account,
  by_salt bytea NOT NULL CHECK (octet_length(by_salt) = 32),
  signature bytea NOT NULL CHECK (octet_length(signature) = 64),
  -- Free text, by field, and the salt of its commitment; both die together.
  texts jsonb,
  salt bytea CHECK (octet_length(salt) = 32),
  -- The proof under the first signed checkpoint that covered the event, and when the log said that it signed it.
  proof text,
  signed_at bigint,
  PRIMARY KEY (incident, seq),
  CHECK ((texts IS NULL) = (salt IS NULL)),
  CHECK ((proof IS NULL) = (signed_at IS NULL))
);
CREATE INDEX ON incident_act (body);

-- Entries that speak of incidents without being acts.
CREATE INDEX event_beside_incidents ON event (leaf) WHERE kind IN (
  'messages.handed-in', 'messages.paused', 'messages.resumed', 'messages.posted', 'delivery.ended', 'delivery.decided',
  'call.made', 'document.returned', 'letters.released', 'document.released', 'finding.opened', 'finding.closed'
);

-- Which reminders of the 72 hours were dealt with: once each, in the transaction of the alerts. `sent` is false for
-- one that a later one overtook.
CREATE TABLE incident_reminder (
  incident id_hex NOT NULL,
  hours integer NOT NULL CHECK (hours IN (24, 48, 60, 70)),
  sent boolean NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (incident, hours)
);

-- What is written about an incident beside its acts: answers for the report, versions of it, public notices, evidence
-- packs.

-- Answers that officers typed, one by one; a version is made of them. Saved as they are typed, so nothing here is
-- evidence.
CREATE TABLE incident_answer (
  incident id_hex NOT NULL,
  body slug NOT NULL REFERENCES body,
  field slug NOT NULL,
  value text NOT NULL CHECK (length(value) <= 20000),
  person id_hex NOT NULL REFERENCES account,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (incident, field)
);

-- A version of the report, and the salt of its hash in the log. Never changed.
CREATE TABLE incident_report (
  incident id_hex NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  body slug NOT NULL REFERENCES body,
  event bigint NOT NULL UNIQUE REFERENCES event,
  content bytea NOT NULL,
  salt bytea NOT NULL CHECK (octet_length(salt) = 32),
  PRIMARY KEY (incident, version)
);

-- A notice to the public, as the act that publishes it was signed. Whoever shows it verifies it from here.
CREATE TABLE public_notice (
  notice id_hex PRIMARY KEY,
  body slug NOT NULL REFERENCES body,
  incident id_hex NOT NULL,
  event bigint NOT NULL UNIQUE REFERENCES event,
  entry bytea NOT NULL,
  signature bytea NOT NULL CHECK (octet_length(signature) = 64),
  person id_hex NOT NULL REFERENCES account,
  by_salt bytea NOT NULL CHECK (octet_length(by_salt) = 32),
  texts jsonb NOT NULL,
  salt bytea NOT NULL CHECK (octet_length(salt) = 32),
  withdrawn_at timestamptz
);
CREATE INDEX ON public_notice (body);

-- The content of a pack: prepared, at most one at a time; then named by the act that makes it, and never changed.
CREATE TABLE incident_pack (
  pack id_hex PRIMARY KEY,
  incident id_hex NOT NULL,
  body slug NOT NULL REFERENCES body,
  content bytea NOT NULL,
  event bigint UNIQUE REFERENCES event,
  made_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX incident_pack_prepared ON incident_pack (incident) WHERE event IS NULL;
CREATE INDEX ON incident_pack (incident);

-- Telling people: one delivery per person and way, its message sealed to the mailroom and gone once it is handed on.

-- Each start of the mailroom and its key, signed with the installation's mail key, again each minute while it lives.
-- Whoever seals verifies the signature, and that it is of these minutes.
CREATE TABLE mailroom (
  start id_hex PRIMARY KEY,
  at bigint NOT NULL,
  said bigint NOT NULL,
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

-- What was said of holding an incident's letters back, the oldest first, and what was signed over it: the mailroom
-- verifies it, whatever stands in `mailing`.
CREATE INDEX event_holds ON event (id) WHERE kind IN ('messages.paused', 'messages.resumed');
CREATE FUNCTION holds_of(which text) RETURNS TABLE (entry bytea, signature bytea)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pillarbox, pg_temp AS $$
  SELECT e.entry, a.signature FROM event e JOIN act a ON a.event = e.id
  WHERE e.kind IN ('messages.paused', 'messages.resumed') AND e.aside IS NULL
    AND position(convert_to('"incident":"' || which || '"', 'UTF8') IN e.entry) > 0
  ORDER BY e.id
$$;

-- `person` is the entry's own id in the incident's sealed list; names and addresses stand in the sealed message only.
CREATE TABLE delivery (
  id id_hex PRIMARY KEY,
  body slug REFERENCES body,
  incident id_hex REFERENCES mailing,
  person id_hex,
  channel text NOT NULL CHECK (channel IN ('email', 'post')),
  state text NOT NULL CHECK (state IN (
    'handed-in', 'intended', 'sent', 'bounced', 'rejected', 'uncertain', 'hand-over-again', 'cancelled'
  )),
  attempts integer NOT NULL DEFAULT 0,
  refusals integer NOT NULL DEFAULT 0,
  code text NOT NULL DEFAULT 'NONE' CHECK (code ~ '^[A-Z_]{1,32}$'),
  mailroom id_hex REFERENCES mailroom,
  bytes bytea STORAGE EXTERNAL CHECK (substring(bytes FROM 1 FOR 21) = 'age-encryption.org/v1'::bytea),
  salt bytea CHECK (octet_length(salt) = 32),
  commitment hash,
  -- The act by which it was handed in, with the commitments of all that were handed in with it: the mailroom verifies it.
  handed_in bytea CHECK (octet_length(handed_in) <= 65535),
  handed_at timestamptz NOT NULL DEFAULT now(),
  next_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (incident, person, channel),
  CHECK ((incident IS NULL) = (person IS NULL)),
  CHECK (bytes IS NULL OR state IN ('handed-in', 'intended')),
  CHECK (handed_in IS NULL OR state IN ('handed-in', 'intended'))
);
CREATE INDEX ON delivery (incident, state);
CREATE INDEX delivery_due ON delivery (next_at) WHERE state = 'handed-in';

-- An alert of the program itself, to somebody who works here, or is invited to: which sentence of the closed set, and what is put into
-- it. No column holds a text, an address or a link. The process that sends it makes all three: the sentence from the
-- kind (src/domain/mail/alert.ts), the link from what it is about, the address from the account or the invitation.
CREATE TABLE alert (
  delivery id_hex PRIMARY KEY REFERENCES delivery,
  account id_hex REFERENCES account,
  invitation id_hex REFERENCES invitation,
  kind text NOT NULL CHECK (kind ~ '^[a-z]{1,32}[.][a-z]{1,32}$'),
  about id_hex,
  code slug,
  form slug,
  count integer CHECK (count >= 0),
  hours integer CHECK (hours >= 0),
  time bigint CHECK (time >= 0),
  CHECK ((account IS NULL) = (invitation IS NOT NULL)),
  CHECK ((invitation IS NULL) = (kind <> 'invitation.made'))
);
CREATE INDEX ON alert (account);
CREATE INDEX ON alert (invitation);

-- The invitations of a body, what became of each, and of the mail that brings its link. Left out is one that a newer one
-- replaced, and one whose person is confirmed: they stand among the people.
CREATE FUNCTION invitations_of(which text) RETURNS TABLE (
  id text, role text, name text, email text, mailed boolean, made_at timestamptz, expires_at timestamptz, state text,
  mail text
)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pillarbox, pg_temp AS $$
  SELECT i.id, i.role, i.name, i.email, i.mailed, i.made_at, i.expires_at,
    CASE
      WHEN i.used_at IS NULL AND i.expires_at > now() THEN 'open'
      WHEN i.used_at IS NULL THEN 'expired'
      WHEN i.used_by IS NULL THEN 'withdrawn'
      ELSE 'used'
    END,
    (SELECT d.state FROM delivery d WHERE d.id = i.mail)
  FROM invitation i
  WHERE i.body = which AND NOT EXISTS (SELECT FROM invitation n WHERE n.id = i.used_by)
    AND NOT EXISTS (SELECT FROM account a WHERE a.id = i.used_by AND a.state <> 'waiting')
  ORDER BY i.made_at, i.id
$$;

-- What an invitation leaves behind goes 30 days after it has run out, name and address with it, used or not. That of a
-- body's first owner stays until there is one: it says who made keys by it, and that it was made.
CREATE FUNCTION forget_invitations() RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pillarbox, pg_temp AS $$
DECLARE
  old text[];
BEGIN
  SELECT array_agg(i.id) INTO old FROM invitation i WHERE i.expires_at < now() - interval '30 days'
    AND (i.invited_by IS NOT NULL OR EXISTS (SELECT FROM statement s WHERE s.body = i.body));
  DELETE FROM alert WHERE invitation = ANY (old);
  DELETE FROM invitation_link WHERE invitation = ANY (old);
  DELETE FROM invitation WHERE id = ANY (old);
  RETURN coalesce(cardinality(old), 0);
END $$;

-- Somebody who waits is turned away: their sign-ins end, and of them nothing stays but an id, which is never used again.
-- The staff login's one way to do it, and only with the event and the signed act of this very person, both written in
-- this transaction. The address is free: the same human joins again under a new id.
CREATE FUNCTION turn_away(which text, by_event bigint)
  RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pillarbox, pg_temp AS $$
DECLARE
  waits account;
  said jsonb;
  came text[];
BEGIN
  SELECT * INTO waits FROM account WHERE id = which AND state = 'waiting' FOR UPDATE;
  IF waits.id IS NULL THEN RAISE EXCEPTION 'nobody is turned away but who waits'; END IF;
  SELECT convert_from(e.entry, 'UTF8')::jsonb INTO said FROM event e JOIN act a ON a.event = e.id
    WHERE e.id = by_event AND e.kind = 'person.refused' AND e.leaf IS NULL
      AND e.xmin = pg_current_xact_id()::xid AND a.xmin = pg_current_xact_id()::xid;
  IF said IS NULL THEN RAISE EXCEPTION 'nobody is turned away without the event and the signed act'; END IF;
  IF said ->> 'newcomer' IS DISTINCT FROM which OR said ->> 'body' IS DISTINCT FROM waits.body::text THEN
    RAISE EXCEPTION 'the signed act is of another person';
  END IF;
  DELETE FROM session WHERE account = which;
  DELETE FROM comparison WHERE person = which;
  UPDATE account SET state = 'closed', name = '', email = which || '@closed', recipient = NULL, signing_key = NULL,
    details_salt = NULL WHERE id = which;
  DELETE FROM unlocker WHERE account = which;
  SELECT array_agg(id) INTO came FROM invitation
    WHERE used_by = which OR (body = waits.body AND email = waits.email);
  DELETE FROM alert WHERE invitation = ANY (came);
  DELETE FROM invitation_link WHERE invitation = ANY (came);
  DELETE FROM invitation WHERE id = ANY (came);
END $$;

-- What was written to a return address and is no bounce: the document that holds it, sealed by the mailroom to the
-- incident's inbox, and what somebody said of it who looked. It is kept; what nobody looked at has said nothing.
CREATE TABLE returned_mail (
  document id_hex PRIMARY KEY REFERENCES incident_document,
  body slug NOT NULL REFERENCES body,
  incident id_hex NOT NULL,
  event bigint NOT NULL UNIQUE REFERENCES event,
  delivery id_hex NOT NULL REFERENCES delivery,
  kind text NOT NULL CHECK (kind IN ('answer', 'challenge', 'receipt', 'complaint', 'report', 'unread')),
  epoch integer NOT NULL CHECK (epoch > 0),
  digest hash NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  said text CHECK (said IN ('arrived', 'came-back', 'nothing')),
  said_at timestamptz,
  CHECK ((said IS NULL) = (said_at IS NULL))
);
CREATE INDEX ON returned_mail (incident);
CREATE INDEX ON returned_mail (delivery);

-- Who was rung, and what came of it, in a code. `document` is the document of the incident that holds the words, sealed
-- to its inbox.
CREATE TABLE call_note (
  id id_hex PRIMARY KEY,
  body slug NOT NULL REFERENCES body,
  incident id_hex NOT NULL,
  person id_hex NOT NULL,
  caller id_hex NOT NULL REFERENCES account,
  outcome text NOT NULL CHECK (outcome IN (
    'no-answer', 'told', 'agreed-email', 'agreed-post', 'wrong-number', 'ring-later'
  )),
  document id_hex,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON call_note (incident, person);

-- Rights: each login exactly what its process does.

GRANT SELECT ON public_notice TO pb_public;

GRANT SELECT, INSERT ON incident_act, incident_reminder, incident_report, public_notice, incident_pack TO pb_staff;
GRANT UPDATE (proof, signed_at) ON incident_act TO pb_staff;
GRANT SELECT, INSERT, DELETE ON incident_answer TO pb_staff;
GRANT UPDATE (value, person, at) ON incident_answer TO pb_staff;
GRANT UPDATE (withdrawn_at) ON public_notice TO pb_staff;
GRANT UPDATE (pack, content, event, made_at) ON incident_pack TO pb_staff;

-- The staff process takes messages in and shows how far they are. It never gets a message out again, and cannot say
-- that one was handed on. Notices it writes beside the row that they speak of.
GRANT SELECT ON mailroom TO pb_staff;
GRANT SELECT, INSERT ON mailing TO pb_staff;
GRANT UPDATE (paused) ON mailing TO pb_staff;
GRANT INSERT ON delivery TO pb_staff;
GRANT SELECT (
  id, body, incident, person, channel, state, attempts, code, mailroom, salt, commitment, handed_at, next_at, changed_at
) ON delivery TO pb_staff;
GRANT UPDATE (
  state, code, mailroom, bytes, salt, commitment, handed_in, handed_at, next_at, changed_at
) ON delivery TO pb_staff;
GRANT INSERT ON alert TO pb_staff;
GRANT SELECT, INSERT ON call_note TO pb_staff;
REVOKE ALL ON FUNCTION invitations_of(text), turn_away(text, bigint), forget_invitations() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION invitations_of(text), turn_away(text, bigint) TO pb_staff;

GRANT SELECT ON returned_mail TO pb_staff;
GRANT UPDATE (said, said_at) ON returned_mail TO pb_staff;

-- The jobs process moves deliveries through their states. What it reads of a message is sealed to the mailroom.
GRANT SELECT, INSERT ON mailroom TO pb_jobs;
GRANT UPDATE (seen_at, said, signature) ON mailroom TO pb_jobs;
GRANT SELECT ON mailing, delivery, alert TO pb_jobs;
GRANT SELECT (id, email, state, body) ON account TO pb_jobs;
GRANT SELECT (id, email, mailed, expires_at, used_at) ON invitation TO pb_jobs;
GRANT INSERT ON invitation_link TO pb_jobs;
GRANT UPDATE (state, attempts, refusals, code, mailroom, bytes, handed_in, next_at, changed_at) ON delivery TO pb_jobs;
GRANT DELETE ON alert TO pb_jobs;
-- What it hands the mailroom, so that this can verify to whom it seals; and what comes out of it.
GRANT SELECT ON statement TO pb_jobs;
GRANT SELECT (inbox, epoch, body, recipient) ON epoch_key TO pb_jobs;
GRANT INSERT (document, body, incident, event, delivery, kind, epoch, digest) ON returned_mail TO pb_jobs;
GRANT INSERT (at, kind, entry) ON event TO pb_jobs;
GRANT SELECT (id, leaf, aside, kind) ON event TO pb_jobs;
-- The jobs login reads no other entry and no other signature.
REVOKE ALL ON FUNCTION holds_of(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION holds_of(text) TO pb_jobs;
-- And deletes what has been kept for long enough, and nothing else.
GRANT EXECUTE ON FUNCTION forget_invitations() TO pb_jobs;

-- The verifier and the inspector compare with the log what names its event; no text, no signature, no person.
-- Of every act the verifier asks whether it was signed, too.
GRANT SELECT (incident, seq, body, event, person, signature) ON incident_act TO pb_inspect;
GRANT SELECT (incident, version, body, event) ON incident_report TO pb_inspect;
GRANT SELECT (notice, incident, body, event) ON public_notice TO pb_inspect;
GRANT SELECT (pack, incident, body, event) ON incident_pack TO pb_inspect;
GRANT SELECT (document, incident, body, event, delivery, kind, epoch) ON returned_mail TO pb_inspect;

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

-- A row is an act only beside an event of its own; it is written with that event, in the same transaction, before
-- anything could sign it.
CREATE POLICY logged ON incident_act FOR SELECT TO pb_staff
  USING (EXISTS (SELECT FROM event e WHERE e.id = incident_act.event AND e.kind LIKE 'incident.%'));
CREATE POLICY recorded ON incident_act FOR INSERT TO pb_staff WITH CHECK (
  proof IS NULL
  AND EXISTS (
    SELECT FROM event e
    WHERE e.id = incident_act.event
      AND e.leaf IS NULL
      AND e.aside IS NULL
      AND e.kind LIKE 'incident.%'
  )
);
CREATE POLICY proved ON incident_act FOR UPDATE TO pb_staff USING (proof IS NULL) WITH CHECK (proof IS NOT NULL);

CREATE POLICY dealt_with ON incident_reminder FOR SELECT TO pb_staff USING (hours > 0);
CREATE POLICY dealing_with ON incident_reminder FOR INSERT TO pb_staff
  WITH CHECK (EXISTS (SELECT FROM incident_act a WHERE a.incident = incident_reminder.incident));

-- Answers: of an incident of that body, or of none.
CREATE POLICY typed ON incident_answer FOR SELECT TO pb_staff USING (
  EXISTS (SELECT FROM incident_act a WHERE a.incident = incident_answer.incident AND a.body = incident_answer.body)
);
CREATE POLICY typing ON incident_answer FOR INSERT TO pb_staff WITH CHECK (
  EXISTS (SELECT FROM incident_act a WHERE a.incident = incident_answer.incident AND a.body = incident_answer.body)
);
CREATE POLICY retyping ON incident_answer FOR UPDATE TO pb_staff USING (
  EXISTS (SELECT FROM incident_act a WHERE a.incident = incident_answer.incident AND a.body = incident_answer.body)
);
CREATE POLICY wiping ON incident_answer FOR DELETE TO pb_staff USING (
  EXISTS (SELECT FROM incident_act a WHERE a.incident = incident_answer.incident AND a.body = incident_answer.body)
);

-- Beside an act of its own, written with it, before anything could sign it.
CREATE POLICY made ON incident_report FOR SELECT TO pb_staff
  USING (EXISTS (SELECT FROM event e WHERE e.id = incident_report.event AND e.kind = 'incident.reported'));
CREATE POLICY making ON incident_report FOR INSERT TO pb_staff WITH CHECK (
  EXISTS (
    SELECT FROM event e
    WHERE e.id = incident_report.event
      AND e.leaf IS NULL
      AND e.aside IS NULL
      AND e.kind = 'incident.reported'
  )
);
CREATE POLICY shown ON public_notice FOR SELECT TO pb_public USING (withdrawn_at IS NULL);
CREATE POLICY published ON public_notice FOR SELECT TO pb_staff
  USING (EXISTS (SELECT FROM event e WHERE e.id = public_notice.event AND e.kind = 'incident.notice'));
CREATE POLICY publishing ON public_notice FOR INSERT TO pb_staff WITH CHECK (
  withdrawn_at IS NULL
  AND EXISTS (
    SELECT FROM event e
    WHERE e.id = public_notice.event
      AND e.leaf IS NULL
      AND e.aside IS NULL
      AND e.kind = 'incident.notice'
  )
);
-- Taken off the public pages beside an event that says so, written in the same transaction.
CREATE POLICY withdrawing ON public_notice FOR UPDATE TO pb_staff
  USING (withdrawn_at IS NULL) WITH CHECK (
    withdrawn_at IS NOT NULL
    AND EXISTS (
      SELECT FROM event e
      WHERE e.leaf IS NULL
        AND e.aside IS NULL
        AND e.kind = 'incident.notice'
        AND position(convert_to('"notice":"' || public_notice.notice || '"', 'UTF8') IN e.entry) > 0
        AND position('"state":"withdrawn"'::bytea IN e.entry) > 0
    )
  );
CREATE POLICY packed ON incident_pack FOR SELECT TO pb_staff USING (
  event IS NULL OR EXISTS (SELECT FROM event e WHERE e.id = incident_pack.event AND e.kind = 'incident.packed')
);
CREATE POLICY preparing ON incident_pack FOR INSERT TO pb_staff WITH CHECK (event IS NULL);
CREATE POLICY packing ON incident_pack FOR UPDATE TO pb_staff USING (event IS NULL) WITH CHECK (
  event IS NULL
  OR EXISTS (
    SELECT FROM event e
    WHERE e.id = incident_pack.event
      AND e.leaf IS NULL
      AND e.aside IS NULL
      AND e.kind = 'incident.packed'
  )
);

CREATE POLICY inspected ON incident_act FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON incident_report FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON public_notice FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON incident_pack FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON returned_mail FOR SELECT TO pb_inspect USING (true);

-- Messages, as the staff process sees them.
CREATE POLICY shown ON mailroom FOR SELECT TO pb_staff USING (at > 0);
CREATE POLICY shown ON mailing FOR SELECT TO pb_staff USING (body IS NOT NULL);
CREATE POLICY begun ON mailing FOR INSERT TO pb_staff WITH CHECK (body IS NOT NULL);
-- Letters are held back and go on beside an event that says so, written in the same transaction.
CREATE POLICY held ON mailing FOR UPDATE TO pb_staff USING (body IS NOT NULL) WITH CHECK (
  EXISTS (
    SELECT FROM event e
    WHERE e.leaf IS NULL
      AND e.aside IS NULL
      AND e.kind = CASE WHEN mailing.paused THEN 'messages.paused' ELSE 'messages.resumed' END
      AND position(convert_to('"incident":"' || mailing.incident || '"', 'UTF8') IN e.entry) > 0
  )
);
CREATE POLICY tracked ON delivery FOR SELECT TO pb_staff USING (incident IS NOT NULL);
CREATE POLICY handed_in ON delivery FOR INSERT TO pb_staff WITH CHECK (
  (
    state = 'handed-in'
    AND channel = 'email'
    AND (
      (incident IS NOT NULL AND bytes IS NOT NULL AND mailroom IS NOT NULL)
      OR (incident IS NULL AND bytes IS NULL)
    )
  )
  OR (state = 'sent' AND channel = 'post' AND bytes IS NULL)
);
-- That an e-mail was handed on is said by the jobs process; a person decides only of one that was tried.
CREATE POLICY decided ON delivery FOR UPDATE TO pb_staff
  USING (
    incident IS NOT NULL
    AND (state IN ('handed-in', 'uncertain', 'hand-over-again') OR (channel = 'post' AND state = 'sent'))
  )
  WITH CHECK (
    state IN ('handed-in', 'hand-over-again', 'cancelled')
    OR (channel = 'email' AND state = 'sent' AND attempts > 0)
    OR (channel = 'post' AND state IN ('sent', 'bounced'))
  );
-- To somebody who was confirmed; an invitation to whoever is invited.
CREATE POLICY alerted ON alert FOR INSERT TO pb_staff WITH CHECK (
  EXISTS (SELECT FROM account a WHERE a.id = alert.account AND a.state = 'confirmed')
  OR EXISTS (SELECT FROM invitation i WHERE i.id = alert.invitation AND i.used_at IS NULL AND i.mailed)
);
CREATE POLICY shown ON call_note FOR SELECT TO pb_staff USING (body IS NOT NULL);
CREATE POLICY noted ON call_note FOR INSERT TO pb_staff WITH CHECK (at <= now() + interval '1 minute');

-- What came back, beside its event; what somebody said of it once, beside an event that says so.
CREATE POLICY shown ON returned_mail FOR SELECT TO pb_staff
  USING (EXISTS (SELECT FROM event e WHERE e.id = returned_mail.event AND e.kind = 'document.returned'));
CREATE POLICY judged ON returned_mail FOR UPDATE TO pb_staff
  USING (said IS NULL) WITH CHECK (
    EXISTS (
      SELECT FROM event e
      WHERE e.leaf IS NULL
        AND e.aside IS NULL
        AND e.kind = 'delivery.decided'
        AND position(convert_to('"decision":"' || returned_mail.said || '"', 'UTF8') IN e.entry) > 0
        AND position(convert_to('"delivery":"' || returned_mail.delivery || '"', 'UTF8') IN e.entry) > 0
    )
  );
CREATE POLICY kept ON returned_mail FOR INSERT TO pb_jobs WITH CHECK (
  said IS NULL
  AND EXISTS (
    SELECT FROM event e
    WHERE e.id = returned_mail.event
      AND e.leaf IS NULL
      AND e.aside IS NULL
      AND e.kind = 'document.returned'
  )
);

-- Messages, as the jobs process moves them; and the events that it may write.
CREATE POLICY known ON mailroom FOR SELECT TO pb_jobs USING (at > 0);
CREATE POLICY started ON mailroom FOR INSERT TO pb_jobs WITH CHECK (octet_length(signature) = 64);
CREATE POLICY seen ON mailroom FOR UPDATE TO pb_jobs USING (at > 0);
CREATE POLICY looked_at ON mailing FOR SELECT TO pb_jobs USING (body IS NOT NULL);
CREATE POLICY worked_on ON delivery FOR SELECT TO pb_jobs USING (channel = 'email');
CREATE POLICY moved ON delivery FOR UPDATE TO pb_jobs
  USING (channel = 'email' AND state NOT IN ('bounced', 'rejected', 'cancelled'))
  WITH CHECK (channel = 'email' AND state <> 'cancelled');
CREATE POLICY sending ON alert FOR SELECT TO pb_jobs USING (
  EXISTS (
    SELECT FROM delivery d
    WHERE d.id = alert.delivery AND d.state IN ('handed-in', 'intended', 'sent', 'uncertain')
  )
);
CREATE POLICY done ON alert FOR DELETE TO pb_jobs USING (
  EXISTS (SELECT FROM delivery d WHERE d.id = alert.delivery AND d.state NOT IN ('handed-in', 'intended'))
);
-- Of the people who work here it sees the address of those to whom an alert goes, while it goes.
CREATE POLICY told ON account FOR SELECT TO pb_jobs
  USING (EXISTS (SELECT FROM alert n WHERE n.account = account.id));
-- And the address of somebody who is invited, while the invitation goes; it makes the link, of which the hash is kept.
CREATE POLICY invited ON invitation FOR SELECT TO pb_jobs
  USING (EXISTS (SELECT FROM alert n WHERE n.invitation = invitation.id));
CREATE POLICY mailed ON invitation_link FOR INSERT TO pb_jobs WITH CHECK (
  EXISTS (
    SELECT FROM invitation i
    WHERE i.id = invitation_link.invitation AND i.used_at IS NULL AND i.expires_at > now() AND i.mailed
  )
);
CREATE POLICY just_written ON event FOR SELECT TO pb_jobs USING (leaf IS NULL AND aside IS NULL);
CREATE POLICY mailed ON event FOR INSERT TO pb_jobs
  WITH CHECK (leaf IS NULL AND kind IN ('mailroom.started', 'delivery.ended', 'document.returned'));
