-- Watch: what the watchers found, when they last looked, and which letters are their own. Written by the staff process
-- from signed reports (decision 0020).

SET LOCAL search_path = pillarbox;

-- A finding is open until a look shows it gone; then its row never changes again.
CREATE TABLE finding (
  id id_hex PRIMARY KEY,
  watcher text NOT NULL CHECK (watcher IN ('monitor', 'inspect', 'site')),
  key id_hex NOT NULL,
  code slug NOT NULL,
  place text NOT NULL,
  body slug REFERENCES body,
  form slug,
  evidence jsonb NOT NULL,
  -- the end of the last look that was clean, milliseconds; null: nobody had looked before
  clean_at bigint,
  opened_at bigint NOT NULL,
  seen_at bigint NOT NULL,
  closed_at bigint,
  opened_event bigint NOT NULL REFERENCES event,
  closed_event bigint REFERENCES event,
  CHECK ((closed_at IS NULL) = (closed_event IS NULL))
);
-- Nothing twice.
CREATE UNIQUE INDEX finding_open ON finding (watcher, key) WHERE closed_at IS NULL;
CREATE INDEX ON finding (opened_at);

-- The last completed look of each kind, and the last of them that showed nothing.
CREATE TABLE look (
  watcher text NOT NULL CHECK (watcher IN ('monitor', 'inspect', 'site')),
  kind text NOT NULL CHECK (kind IN ('round', 'matrix', 'proof', 'rows', 'bytes')),
  reported_at bigint NOT NULL,
  began_at bigint NOT NULL,
  ended_at bigint NOT NULL CHECK (ended_at >= began_at),
  clean_at bigint,
  PRIMARY KEY (watcher, kind)
);

-- Letters that the monitor planted, under its signature. A row that it did not sign counts for nothing.
CREATE TABLE marker (
  submission id_hex PRIMARY KEY,
  body slug NOT NULL REFERENCES body,
  inbox id_hex NOT NULL,
  epoch integer NOT NULL CHECK (epoch > 0),
  signature bytea NOT NULL CHECK (octet_length(signature) = 64),
  planted_at bigint NOT NULL,
  event bigint NOT NULL UNIQUE REFERENCES event
);
CREATE INDEX ON marker (inbox, planted_at);

-- Notices that leave once: about a watcher that fell silent, about letters that wait for a person since the mailroom
-- began anew, and about mail that came back and at which nobody has looked. Kept in the transaction of the alerts. `about` names what was told by its own ids and times;
-- nothing of a person.
CREATE TABLE told_once (
  kind text NOT NULL CHECK (kind IN ('watch.silent', 'messages.stopped', 'mail.returned')),
  about text NOT NULL CHECK (about ~ '^[a-z0-9]{1,32} [a-z0-9]{1,32}$'),
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, about)
);

-- Rights: each login exactly what its process does.

GRANT SELECT, INSERT ON finding, look, marker TO pb_staff;
GRANT UPDATE (evidence, seen_at, closed_at, closed_event) ON finding TO pb_staff;
GRANT UPDATE (reported_at, began_at, ended_at, clean_at) ON look TO pb_staff;
GRANT SELECT (kind, about), INSERT (kind, about) ON told_once TO pb_staff;
-- The form page says when it was last looked at from outside, and nothing else of this.
GRANT SELECT (watcher, kind, clean_at) ON look TO pb_public;

-- The verifier and the inspector compare with the log what names its event.
GRANT SELECT (id, watcher, code, body, form, opened_event, closed_event) ON finding TO pb_inspect;
GRANT SELECT (submission, body, inbox, epoch, signature, event) ON marker TO pb_inspect;

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

CREATE POLICY known ON finding FOR SELECT TO pb_staff USING (opened_at > 0);
CREATE POLICY opening ON finding FOR INSERT TO pb_staff WITH CHECK (
  closed_at IS NULL
  AND EXISTS (
    SELECT FROM event e
    WHERE e.id = finding.opened_event
      AND e.kind = 'finding.opened'
      AND e.leaf IS NULL
      AND e.aside IS NULL
  )
);
-- A finding is over beside an event that says so, written in the same transaction.
CREATE POLICY closing ON finding FOR UPDATE TO pb_staff USING (closed_at IS NULL) WITH CHECK (
  closed_at IS NULL
  OR EXISTS (
    SELECT FROM event e
    WHERE e.id = finding.closed_event
      AND e.kind = 'finding.closed'
      AND e.leaf IS NULL
      AND e.aside IS NULL
      AND position(convert_to('"finding":"' || finding.id || '"', 'UTF8') IN e.entry) > 0
  )
);
CREATE POLICY known ON look FOR SELECT TO pb_staff USING (ended_at > 0);
CREATE POLICY shown ON look FOR SELECT TO pb_public USING (watcher = 'monitor' AND kind = 'round');
CREATE POLICY looking ON look FOR INSERT TO pb_staff WITH CHECK (ended_at > 0);
CREATE POLICY looked ON look FOR UPDATE TO pb_staff USING (ended_at > 0) WITH CHECK (ended_at > 0);
CREATE POLICY known ON marker FOR SELECT TO pb_staff USING (planted_at > 0);
CREATE POLICY planting ON marker FOR INSERT TO pb_staff WITH CHECK (
  EXISTS (
    SELECT FROM event e WHERE e.id = marker.event AND e.kind = 'marker.planted' AND e.leaf IS NULL AND e.aside IS NULL
  )
);
CREATE POLICY inspected ON finding FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON marker FOR SELECT TO pb_inspect USING (true);
CREATE POLICY known ON told_once FOR SELECT TO pb_staff USING (length(about) > 0);
CREATE POLICY telling ON told_once FOR INSERT TO pb_staff WITH CHECK (length(about) > 0);
