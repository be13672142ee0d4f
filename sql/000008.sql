-- Incidents: what people recorded about them, act by act. Nothing is changed or taken away; what an act says stands in its event, and its signature beside it.

SET LOCAL search_path = pillarbox;

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

GRANT SELECT, INSERT ON incident_act TO pb_staff;
GRANT UPDATE (proof, signed_at) ON incident_act TO pb_staff;

ALTER TABLE incident_act ENABLE ROW LEVEL SECURITY;
ALTER TABLE incident_act FORCE ROW LEVEL SECURITY;

-- A row is an act only beside an event of its own; it is written with that event, in the same transaction, before anything could sign it.
CREATE POLICY logged ON incident_act FOR SELECT TO pb_staff USING (EXISTS (SELECT FROM event e WHERE e.id = incident_act.event AND e.kind LIKE 'incident.%'));
CREATE POLICY recorded ON incident_act FOR INSERT TO pb_staff WITH CHECK (proof IS NULL AND EXISTS (SELECT FROM event e WHERE e.id = incident_act.event AND e.leaf IS NULL AND e.kind LIKE 'incident.%'));
CREATE POLICY proved ON incident_act FOR UPDATE TO pb_staff USING (proof IS NULL) WITH CHECK (proof IS NOT NULL);
