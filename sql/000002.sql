-- What lets other people check the log: its tiles and its signed checkpoint are for everybody, and one login looks at
-- rows and can do nothing else.

SET LOCAL search_path = pillarbox;

-- The public process serves tiles and the checkpoint. How far the tree is signed it reads from the checkpoint itself.
GRANT SELECT ON tile TO pb_public;
GRANT SELECT (checkpoint) ON head TO pb_public;
CREATE POLICY served ON tile FOR SELECT TO pb_public USING (true);
CREATE POLICY served ON head FOR SELECT TO pb_public USING (true);

-- The verifier compares rows with the log. It sees the hash of sealed bytes and never the bytes: they would leave
-- without a trace.
ALTER TABLE sealed ADD COLUMN digest bytea GENERATED ALWAYS AS (sha256(bytes)) VIRTUAL;

GRANT USAGE ON SCHEMA pillarbox TO pb_inspect;
GRANT SELECT ON statement, event TO pb_inspect;
GRANT SELECT (id, inbox, epoch, form_hash, size, path) ON submission TO pb_inspect;
GRANT SELECT (submission, part, digest) ON sealed TO pb_inspect;
GRANT SELECT (id, body, inbox, scope, until, purpose) ON request TO pb_inspect;
GRANT SELECT (id, event, body, inbox, purpose, part, ids_salt) ON release TO pb_inspect;
GRANT SELECT ON release_item TO pb_inspect;
CREATE POLICY inspected ON statement FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON event FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON submission FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON request FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON release FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON release_item FOR SELECT TO pb_inspect USING (true);
CREATE POLICY inspected ON sealed FOR SELECT TO pb_inspect USING (true);
