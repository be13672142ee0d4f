-- Notices that leave once: about a watcher that fell silent, and about letters that wait for a person since the
-- mailroom began anew.

SET LOCAL search_path = pillarbox;

-- Kept in the transaction of the notices. `about` names what was told by its own ids and times; nothing of a person.
CREATE TABLE told_once (
  kind text NOT NULL CHECK (kind IN ('watch.silent', 'letters.stopped')),
  about text NOT NULL CHECK (about ~ '^[a-z0-9]{1,32} [a-z0-9]{1,32}$'),
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, about)
);
ALTER TABLE told_once ENABLE ROW LEVEL SECURITY;
ALTER TABLE told_once FORCE ROW LEVEL SECURITY;
GRANT SELECT (kind, about), INSERT (kind, about) ON told_once TO pb_staff;
CREATE POLICY known ON told_once FOR SELECT TO pb_staff USING (length(about) > 0);
CREATE POLICY telling ON told_once FOR INSERT TO pb_staff WITH CHECK (length(about) > 0);
