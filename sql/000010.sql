-- What names the log's key and its beginning is written by the log itself.

SET LOCAL search_path = pillarbox;

DROP POLICY written ON event;
CREATE POLICY written ON event FOR INSERT TO pb_staff WITH CHECK (leaf IS NULL AND kind <> 'submission.received' AND kind NOT LIKE 'log.%');
