-- What is written about an incident beside its acts: answers for the report, versions of it, public notices, evidence
-- packs.

SET LOCAL search_path = pillarbox;

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

-- Entries that speak of incidents without being acts.
CREATE INDEX event_beside_incidents ON event (leaf) WHERE kind IN ('letters.handed-in', 'letters.paused', 'letters.resumed', 'delivery.ended', 'delivery.decided', 'call.made', 'letters.released', 'document.released', 'finding.opened', 'finding.closed');

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['incident_answer', 'incident_report', 'public_notice', 'incident_pack'] LOOP
    EXECUTE format('ALTER TABLE pillarbox.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE pillarbox.%I FORCE ROW LEVEL SECURITY', t);
  END LOOP;
END $$;

GRANT SELECT, INSERT, DELETE ON incident_answer TO pb_staff;
GRANT UPDATE (value, person, at) ON incident_answer TO pb_staff;
GRANT SELECT, INSERT ON incident_report, public_notice, incident_pack TO pb_staff;
GRANT UPDATE (withdrawn_at) ON public_notice TO pb_staff;
GRANT UPDATE (pack, content, event, made_at) ON incident_pack TO pb_staff;
GRANT SELECT ON public_notice TO pb_public;

-- Of an incident of that body, or of none.
CREATE POLICY typed ON incident_answer FOR SELECT TO pb_staff USING (EXISTS (SELECT FROM incident_act a WHERE a.incident = incident_answer.incident AND a.body = incident_answer.body));
CREATE POLICY typing ON incident_answer FOR INSERT TO pb_staff WITH CHECK (EXISTS (SELECT FROM incident_act a WHERE a.incident = incident_answer.incident AND a.body = incident_answer.body));
CREATE POLICY retyping ON incident_answer FOR UPDATE TO pb_staff USING (EXISTS (SELECT FROM incident_act a WHERE a.incident = incident_answer.incident AND a.body = incident_answer.body));
CREATE POLICY wiping ON incident_answer FOR DELETE TO pb_staff USING (EXISTS (SELECT FROM incident_act a WHERE a.incident = incident_answer.incident AND a.body = incident_answer.body));
-- Beside an act of its own, written with it, before anything could sign it.
CREATE POLICY made ON incident_report FOR SELECT TO pb_staff USING (EXISTS (SELECT FROM event e WHERE e.id = incident_report.event AND e.kind = 'incident.reported'));
CREATE POLICY making ON incident_report FOR INSERT TO pb_staff WITH CHECK (EXISTS (SELECT FROM event e WHERE e.id = incident_report.event AND e.leaf IS NULL AND e.kind = 'incident.reported'));
CREATE POLICY published ON public_notice FOR SELECT TO pb_staff USING (EXISTS (SELECT FROM event e WHERE e.id = public_notice.event AND e.kind = 'incident.notice'));
CREATE POLICY publishing ON public_notice FOR INSERT TO pb_staff WITH CHECK (withdrawn_at IS NULL AND EXISTS (SELECT FROM event e WHERE e.id = public_notice.event AND e.leaf IS NULL AND e.kind = 'incident.notice'));
CREATE POLICY withdrawing ON public_notice FOR UPDATE TO pb_staff USING (withdrawn_at IS NULL) WITH CHECK (withdrawn_at IS NOT NULL);
CREATE POLICY shown ON public_notice FOR SELECT TO pb_public USING (withdrawn_at IS NULL);
CREATE POLICY packed ON incident_pack FOR SELECT TO pb_staff USING (event IS NULL OR EXISTS (SELECT FROM event e WHERE e.id = incident_pack.event AND e.kind = 'incident.packed'));
CREATE POLICY preparing ON incident_pack FOR INSERT TO pb_staff WITH CHECK (event IS NULL);
CREATE POLICY packing ON incident_pack FOR UPDATE TO pb_staff USING (event IS NULL) WITH CHECK (event IS NULL OR EXISTS (SELECT FROM event e WHERE e.id = incident_pack.event AND e.leaf IS NULL AND e.kind = 'incident.packed'));
