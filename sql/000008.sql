-- Incidents: what people recorded about them, act by act. Nothing is changed or taken away; what an act says stands in
-- its event, and its signature beside it.

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

-- A row is an act only beside an event of its own; it is written with that event, in the same transaction, before
-- anything could sign it.
CREATE POLICY logged ON incident_act FOR SELECT TO pb_staff USING (EXISTS (SELECT FROM event e WHERE e.id = incident_act.event AND e.kind LIKE 'incident.%'));
CREATE POLICY recorded ON incident_act FOR INSERT TO pb_staff WITH CHECK (proof IS NULL AND EXISTS (SELECT FROM event e WHERE e.id = incident_act.event AND e.leaf IS NULL AND e.kind LIKE 'incident.%'));
CREATE POLICY proved ON incident_act FOR UPDATE TO pb_staff USING (proof IS NULL) WITH CHECK (proof IS NOT NULL);

-- What is sealed to an incident's own inbox: lists of people, texts. Apart from letters, and released like them.

CREATE TABLE incident_document (
  id id_hex PRIMARY KEY,
  incident id_hex NOT NULL,
  body slug NOT NULL REFERENCES body,
  event bigint NOT NULL UNIQUE REFERENCES event,
  inbox id_hex NOT NULL,
  epoch integer NOT NULL CHECK (epoch > 0),
  bytes bytea NOT NULL CHECK (substring(bytes FROM 1 FOR 21) = 'age-encryption.org/v1'::bytea)
);
ALTER TABLE incident_document ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE incident_document ENABLE ROW LEVEL SECURITY;
ALTER TABLE incident_document FORCE ROW LEVEL SECURITY;

ALTER TABLE release ADD COLUMN document id_hex REFERENCES incident_document;
ALTER TABLE release DROP CONSTRAINT release_purpose_check, DROP CONSTRAINT release_part_check;
ALTER TABLE release ADD CONSTRAINT release_purpose_check CHECK (purpose IN ('list', 'open', 'affected', 'incident'));
ALTER TABLE release ADD CONSTRAINT release_part_check CHECK (part IN ('slip', 'letter', 'document'));
ALTER TABLE release ADD CONSTRAINT release_document_check CHECK ((document IS NOT NULL) = (part = 'document') AND (part = 'document') = (purpose = 'incident'));

GRANT INSERT ON incident_document TO pb_staff;
GRANT SELECT ON incident_document TO pb_staff;

CREATE POLICY recorded ON incident_document FOR INSERT TO pb_staff WITH CHECK (EXISTS (SELECT FROM event e WHERE e.id = incident_document.event AND e.leaf IS NULL AND e.kind = 'incident.sealed'));

-- Each kind of release has its own kind of event; made with it, before anything could sign it.
DROP POLICY starting ON release;
CREATE POLICY starting ON release FOR INSERT TO pb_staff WITH CHECK (
  expires_at BETWEEN now() AND now() + interval '1 hour'
  AND EXISTS (SELECT FROM event e WHERE e.id = release.event AND e.leaf IS NULL AND e.kind = CASE WHEN release.part = 'slip' THEN 'slips.released' WHEN release.part = 'document' THEN 'document.released' WHEN release.purpose = 'affected' THEN 'letters.released' ELSE 'letter.released' END)
);
-- Who read what in the past is the answer to "who looked"; what has run out releases no bytes.
CREATE POLICY past ON release FOR SELECT TO pb_staff USING (EXISTS (SELECT FROM event e WHERE e.id = release.event AND e.leaf IS NOT NULL));

DROP POLICY released ON sealed;
CREATE POLICY released ON sealed FOR SELECT TO pb_staff USING (
  EXISTS (
    SELECT FROM release_item i
    JOIN release r ON r.id = i.release
    JOIN event e ON e.id = r.event
    CROSS JOIN head h
    WHERE i.submission = sealed.submission
      AND r.part = sealed.part
      AND r.expires_at > now()
      AND e.kind = CASE WHEN r.part = 'slip' THEN 'slips.released' WHEN r.purpose = 'affected' THEN 'letters.released' ELSE 'letter.released' END
      AND e.leaf < h.signed_size
  )
);
CREATE POLICY released ON incident_document FOR SELECT TO pb_staff USING (
  EXISTS (
    SELECT FROM release r
    JOIN event e ON e.id = r.event
    CROSS JOIN head h
    WHERE r.document = incident_document.id
      AND r.part = 'document'
      AND r.expires_at > now()
      AND e.kind = 'document.released'
      AND e.leaf < h.signed_size
  )
);

-- Which reminders of the 72 hours were dealt with: once each, in the transaction of the notices. `sent` is false for
-- one that a later one overtook.

CREATE TABLE incident_reminder (
  incident id_hex NOT NULL,
  hours integer NOT NULL CHECK (hours IN (24, 48, 60, 70)),
  sent boolean NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (incident, hours)
);
ALTER TABLE incident_reminder ENABLE ROW LEVEL SECURITY;
ALTER TABLE incident_reminder FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON incident_reminder TO pb_staff;
CREATE POLICY dealt_with ON incident_reminder FOR SELECT TO pb_staff USING (hours > 0);
CREATE POLICY dealing_with ON incident_reminder FOR INSERT TO pb_staff WITH CHECK (EXISTS (SELECT FROM incident_act a WHERE a.incident = incident_reminder.incident));
