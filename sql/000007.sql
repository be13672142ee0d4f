-- Findings on old websites, reported by the watch of them.

SET LOCAL search_path = pillarbox;

ALTER TABLE finding DROP CONSTRAINT finding_watcher_check, ADD CONSTRAINT finding_watcher_check CHECK (watcher IN ('monitor', 'inspect', 'site'));
ALTER TABLE look DROP CONSTRAINT look_watcher_check, ADD CONSTRAINT look_watcher_check CHECK (watcher IN ('monitor', 'inspect', 'site'));
