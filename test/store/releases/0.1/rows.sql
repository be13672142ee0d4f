-- A row in each table, so that a later file that works on empty tables only is noticed. Invented, and signed by nobody.

INSERT INTO body (id, name, record) VALUES ('own', 'Own', '{}');
INSERT INTO form_version (hash, form, body, definition) VALUES (sha256('form'), 'complaint', 'own', 'form');
INSERT INTO statement (body, seq, bytes, signature) VALUES ('own', 0, 'founded', decode(repeat('00', 64), 'hex'));
INSERT INTO epoch_key (inbox, epoch, body, recipient) VALUES (repeat('c', 32), 1, 'own', 'age1own');
INSERT INTO account (id, body, role, name, email, state) VALUES
  (repeat('a', 32), 'own', 'owner', 'Ada Owner', 'ada@example.org', 'confirmed'),
  (repeat('0', 32), NULL, 'operator', 'Otto Operator', 'otto@example.org', 'confirmed');
INSERT INTO unlocker (id, account, kind, label, salt, sign_in_hash, recipient_hash, sealed)
  VALUES (repeat('d', 32), repeat('a', 32), 'passphrase', 'Passphrase', 1, sha256('ada'), sha256('age1'), 'age-encryption.org/v1 sealed');
INSERT INTO totp (account, id, event, secret, last_step, recovery)
  VALUES (repeat('a', 32), repeat('d', 32), 8, decode(repeat('00', 48), 'hex'), 1, ARRAY[sha256('code')]);
INSERT INTO invitation (id, body, role, name, email, invited_by, mailed, expires_at)
  VALUES (repeat('e', 32), 'own', 'reader', 'Rita Reader', 'rita@example.org', repeat('a', 32), true, now() + interval '1 day');
INSERT INTO invitation_link (token_hash, invitation) VALUES (sha256('invitation'), repeat('e', 32));
INSERT INTO comparison (nonce, person, owner) VALUES (sha256('nonce'), repeat('a', 32), repeat('a', 32));
INSERT INTO session (token_hash, account, expires_at)
  VALUES (sha256('session'), repeat('a', 32), now() + interval '1 hour');
INSERT INTO wrap (inbox, epoch, person, bytes)
  VALUES (repeat('c', 32), 1, repeat('a', 32), 'age-encryption.org/v1 wrapped');
INSERT INTO request (id, body, inbox, asker, persons, scope, until, purpose, purpose_text, purpose_salt, persons_salt, event)
  VALUES (repeat('1', 32), 'own', repeat('c', 32), repeat('a', 32), ARRAY[repeat('b', 32)], 'all', 2, 'casework', 'x', 's', sha256('s'), 9);

INSERT INTO event (at, kind, entry, leaf) VALUES
  (1, 'log.started', '{"kind":"log.started"}', 0),
  (2, 'letter.released', '{"kind":"letter.released"}', 1),
  (3, 'erasure.done', '{"kind":"erasure.done"}', 2),
  (4, 'incident.opened', '{"kind":"incident.opened"}', 3),
  (5, 'incident.sealed', '{"kind":"incident.sealed"}', 4),
  (6, 'document.released', '{"kind":"document.released"}', 5),
  (7, 'marker.planted', '{"kind":"marker.planted"}', 6),
  (8, 'finding.opened', '{"kind":"finding.opened"}', NULL),
  (9, 'document.returned', '{"kind":"document.returned"}', 7),
  (10, 'case.replied', '{"kind":"case.replied"}', 8),
  (11, 'reply.fetched', '{"kind":"reply.fetched"}', 9),
  (12, 'case.noted', '{"kind":"case.noted"}', 10);
INSERT INTO event_secret (event, person, salt) VALUES (2, repeat('a', 32), sha256('salt'));
INSERT INTO act (event, person, signature) VALUES
  (3, repeat('a', 32), decode(repeat('00', 64), 'hex')),
  (10, repeat('a', 32), decode(repeat('02', 64), 'hex'));
INSERT INTO tile (level, index, hashes) VALUES (0, 0, sha256('leaf'));
INSERT INTO past_log (log, vkey, size, checkpoint) VALUES (0, 'key', 1, 'checkpoint');
INSERT INTO submission (id, body, inbox, epoch, form, form_hash, received_at, size, path, digest) VALUES
  (repeat('e', 32), 'own', repeat('c', 32), 1, 'complaint', sha256('form'), now(), 1, 'browser', sha256('d')),
  (repeat('f', 32), 'own', repeat('c', 32), 1, 'complaint', sha256('form'), now(), 1, 'counter', sha256('d'));
INSERT INTO sealed (submission, part, bytes) VALUES
  (repeat('e', 32), 'slip', 'age-encryption.org/v1 slip'),
  (repeat('e', 32), 'letter', 'age-encryption.org/v1 letter');
INSERT INTO receipt (submission, hash, event) VALUES (repeat('e', 32), sha256('words'), 1);
INSERT INTO case_act (submission, seq, event) VALUES (repeat('e', 32), 0, 10);
INSERT INTO reply (id, submission, event, bytes) VALUES (repeat('8', 32), repeat('e', 32), 10, 'age-encryption.org/v1 reply');
INSERT INTO case_note (id, submission, event, bytes) VALUES (repeat('9', 32), repeat('e', 32), 12, 'age-encryption.org/v1 note');
INSERT INTO reply_fetched (reply, event) VALUES (repeat('8', 32), 11);
INSERT INTO incident_document (id, incident, body, event, inbox, epoch, bytes)
  VALUES (repeat('2', 32), repeat('3', 32), 'own', 5, repeat('d', 32), 1, 'age-encryption.org/v1 list');
INSERT INTO incident_document (id, incident, body, event, inbox, epoch, bytes)
  VALUES (repeat('6', 32), repeat('3', 32), 'own', 9, repeat('d', 32), 1, 'age-encryption.org/v1 returned');
INSERT INTO release (id, event, body, inbox, person, purpose, part, ids_salt, expires_at, document) VALUES
  (repeat('4', 32), 2, 'own', repeat('c', 32), repeat('a', 32), 'open', 'letter', sha256('s'), now(), NULL),
  (repeat('5', 32), 6, 'own', repeat('d', 32), repeat('a', 32), 'incident', 'document', sha256('s'), now(), repeat('2', 32));
INSERT INTO release_item (release, submission) VALUES (repeat('4', 32), repeat('e', 32));
INSERT INTO reading (release, at, part, body, role, count) VALUES (repeat('4', 32), 2, 'letter', 'own', 'owner', 0);
INSERT INTO erasure (id, submission, asked_by) VALUES (repeat('6', 32), repeat('e', 32), 'submitter');
INSERT INTO erasure (id, submission, asked_by, state, decided_at, decided_by, reason, event)
  VALUES (repeat('7', 32), repeat('f', 32), 'retention', 'granted', now(), repeat('a', 32), 'asked-for', 3);

INSERT INTO incident_act (incident, seq, body, event, person, by_salt, signature)
  VALUES (repeat('3', 32), 0, 'own', 4, repeat('a', 32), sha256('s'), decode(repeat('00', 64), 'hex'));
INSERT INTO incident_reminder (incident, hours, sent) VALUES (repeat('3', 32), 24, true);
INSERT INTO incident_answer (incident, body, field, value, person)
  VALUES (repeat('3', 32), 'own', 'what', 'x', repeat('a', 32));
INSERT INTO incident_report (incident, version, body, event, content, salt)
  VALUES (repeat('3', 32), 1, 'own', 4, 'report', sha256('s'));
INSERT INTO public_notice (notice, body, incident, event, entry, signature, person, by_salt, texts, salt) VALUES (
  repeat('8', 32), 'own', repeat('3', 32), 4, 'entry', decode(repeat('00', 64), 'hex'), repeat('a', 32), sha256('s'),
  '{}', sha256('s')
);
INSERT INTO incident_pack (pack, incident, body, content) VALUES (repeat('9', 32), repeat('3', 32), 'own', 'pack');
INSERT INTO mailroom (start, at, said, recipient, signature)
  VALUES (repeat('a', 32), 1, 1, 'age1mail', decode(repeat('00', 64), 'hex'));
INSERT INTO mailing (incident, body) VALUES (repeat('3', 32), 'own');
INSERT INTO delivery (id, body, incident, person, channel, state, mailroom, bytes) VALUES
  (repeat('1', 32), 'own', repeat('3', 32), repeat('2', 32), 'email', 'handed-in', repeat('a', 32), 'age-encryption.org/v1 m'),
  (repeat('2', 32), 'own', NULL, NULL, 'email', 'handed-in', NULL, NULL);
INSERT INTO returned_mail (document, body, incident, event, delivery, kind, epoch, digest)
  VALUES (repeat('6', 32), 'own', repeat('3', 32), 9, repeat('1', 32), 'answer', 1, sha256('d'));
INSERT INTO alert (delivery, account, kind) VALUES (repeat('2', 32), repeat('a', 32), 'monitor.silent');
INSERT INTO call_note (id, body, incident, person, caller, outcome)
  VALUES (repeat('1', 32), 'own', repeat('3', 32), repeat('2', 32), repeat('a', 32), 'told');

INSERT INTO finding (id, watcher, key, code, place, evidence, opened_at, seen_at, opened_event)
  VALUES (repeat('1', 32), 'monitor', repeat('2', 32), 'file-exposed', 'file public /x', '{}', 8, 8, 8);
INSERT INTO look (watcher, kind, reported_at, began_at, ended_at) VALUES ('monitor', 'round', 3, 1, 2);
INSERT INTO marker (submission, body, inbox, epoch, signature, planted_at, event)
  VALUES (repeat('f', 32), 'own', repeat('c', 32), 1, decode(repeat('00', 64), 'hex'), 7, 7);
INSERT INTO told_once (kind, about) VALUES ('watch.silent', 'monitor 1');
