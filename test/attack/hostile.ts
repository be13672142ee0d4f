/** A hostile query for each policy: what its login would do if the policy were not there. */

export type Hostile = {
  /** table and name */
  readonly policy: string;
  readonly login: string;
  /** what the owner of the tables does before, so that there is something to attack */
  readonly given?: string;
  readonly hostile: string;
};

/** Of one letter, as the ids of rows that stand in test/store/releases/0.1/rows.sql. */
export const id = (letter: string): string => `repeat('${letter}', 32)`;
export const age = (text: string): string => `convert_to('age-encryption.org/v1' || repeat('${text}', 300), 'UTF8')`;
export const SIGNATURE = "decode(repeat('00', 64), 'hex')";
/** An event as one of the logins would write it, with a number of its own. */
export const event = (number: number, kind: string, more = "", leaf: number | null = null): string =>
  `INSERT INTO event (id, at, kind, entry, leaf) OVERRIDING SYSTEM VALUE VALUES (${number}, 9, '${kind}', '{"at":9${more},"kind":"${kind}"}', ${leaf});`;
export const say = (kind: string, said = kind): string =>
  `INSERT INTO event (at, kind, entry) VALUES (9, '${kind}', '{"at":9,"kind":"${said}"}')`;
export const expired = (table: string): string => `UPDATE ${table} SET expires_at = now() - interval '1 minute';`;
/** The release of rows.sql runs, and its event stands under a signed checkpoint. */
export const releasing = `UPDATE release SET expires_at = now() + interval '5 minutes'; UPDATE head SET size = 1, signed_size = 1; DELETE FROM past_log;`;

/** Somebody joins by the invitation of rows.sql, but for one thing that is not as it says. */
const joinedBy = ({
  nobodys = `, used_by = ${id("b")}`,
  state = "waiting",
  body = "'own'",
  role = "reader",
  name = "Rita Reader",
  email = "rita@example.org",
}: Readonly<Record<string, string | undefined>>) => ({
  given: `INSERT INTO body (id, name, record) VALUES ('other', 'Other', '{}'); UPDATE invitation SET used_at = now()${nobodys};`,
  hostile: `INSERT INTO account (id, body, role, name, email, state) VALUES (${id("b")}, ${body}, '${role}', '${name}', '${email}', '${state}')`,
});

/** A passkey that is added to what unlocks the keys of whoever is in rows.sql, beside an event. */
export const passkey = (number: number, unlocker = id("b"), account = id("a")): string =>
  `INSERT INTO unlocker (id, account, kind, label, recipient_hash, sealed, event, credential, public_key, sign_count) VALUES (${unlocker}, ${account}, 'passkey', 'x', sha256('r'), ${age("x")}, ${number}, 'c', 'k', 0)`;

/** A code beside the passphrase of whoever is in rows.sql, beside an event. */
export const totp = (number: number): string =>
  `INSERT INTO totp (account, id, event, secret, last_step, recovery) VALUES (${id("a")}, ${id("b")}, ${number}, decode(repeat('00', 48), 'hex'), 1, '{}')`;

const ALL: readonly Hostile[] = [
  // People and forms.
  {
    policy: "account alive",
    login: "pb_staff",
    given: "UPDATE account SET state = 'closed';",
    hostile: "SELECT email FROM account",
  },
  ...[
    { nobodys: ", used_by = NULL" },
    { state: "confirmed" },
    { body: "'other'" },
    { role: "owner" },
    { name: "Another" },
    { email: "another@example.org" },
  ].map((other) => ({ policy: "account joining", login: "pb_staff", ...joinedBy(other) })),
  { policy: "account confirming", login: "pb_staff", hostile: "UPDATE account SET state = 'waiting'" },
  { policy: "account confirming", login: "pb_staff", hostile: "UPDATE account SET state = 'closed'" },
  { policy: "account confirming", login: "pb_staff", hostile: "UPDATE account SET state = 'locked'" },
  {
    policy: "account confirming",
    login: "pb_staff",
    given: "UPDATE account SET state = 'locked' WHERE role <> 'operator';",
    hostile: "UPDATE account SET state = 'confirmed' WHERE role <> 'operator'",
  },
  {
    policy: "account confirming",
    login: "pb_staff",
    given: "UPDATE account SET state = 'waiting' WHERE role = 'operator';",
    hostile: "UPDATE account SET state = 'confirmed' WHERE role = 'operator'",
  },
  { policy: "account operators", login: "pb_inspect", hostile: "SELECT id FROM account WHERE role <> 'operator'" },
  { policy: "account told", login: "pb_jobs", given: "DELETE FROM alert;", hostile: "SELECT email FROM account" },
  {
    policy: "invitation usable",
    login: "pb_staff",
    given: expired("invitation"),
    hostile: "SELECT email FROM invitation",
  },
  {
    policy: "invitation inviting",
    login: "pb_staff",
    hostile: `INSERT INTO invitation (id, body, role, name, email, invited_by, mailed, expires_at, used_at) VALUES (${id("2")}, 'own', 'reader', 'B', 'b@example.org', ${id("a")}, false, now(), now())`,
  },
  {
    policy: "invitation inviting",
    login: "pb_staff",
    hostile: `INSERT INTO invitation (id, body, role, name, email, invited_by, mailed, expires_at) VALUES (${id("2")}, 'own', 'reader', 'B', 'b@example.org', ${id("a")}, false, now() + interval '8 days')`,
  },
  {
    policy: "invitation inviting",
    login: "pb_staff",
    hostile: `INSERT INTO invitation (id, body, role, name, email, invited_by, mailed, expires_at) VALUES (${id("2")}, 'own', 'owner', 'B', 'b@example.org', NULL, false, now() + interval '1 day')`,
  },
  {
    policy: "invitation invited",
    login: "pb_jobs",
    given: "DELETE FROM alert;",
    hostile: "SELECT email FROM invitation",
  },
  {
    policy: "invitation_link linking",
    login: "pb_staff",
    hostile: `INSERT INTO invitation_link (token_hash, invitation) VALUES (sha256('2'), ${id("e")})`,
  },
  {
    policy: "invitation_link linking",
    login: "pb_staff",
    given: "UPDATE invitation SET mailed = false, used_at = now();",
    hostile: `INSERT INTO invitation_link (token_hash, invitation) VALUES (sha256('2'), ${id("e")})`,
  },
  {
    policy: "invitation_link mailed",
    login: "pb_jobs",
    given: "UPDATE invitation SET used_at = now();",
    hostile: `INSERT INTO invitation_link (token_hash, invitation) VALUES (sha256('2'), ${id("e")})`,
  },
  {
    policy: "comparison comparing",
    login: "pb_staff",
    given: "UPDATE comparison SET begun_at = now() - interval '15 minutes';",
    hostile: "SELECT nonce FROM comparison",
  },
  {
    policy: "comparison beginning",
    login: "pb_staff",
    hostile: `INSERT INTO comparison (nonce, person, owner) VALUES (sha256('2'), ${id("a")}, ${id("a")})`,
  },
  { policy: "invitation using_once", login: "pb_staff", hostile: "UPDATE invitation SET used_at = NULL" },
  { policy: "session running", login: "pb_staff", given: expired("session"), hostile: "SELECT account FROM session" },
  {
    policy: "session starting",
    login: "pb_staff",
    hostile: `INSERT INTO session (token_hash, account, expires_at) VALUES (sha256('2'), ${id("a")}, now() + interval '1 year')`,
  },
  { policy: "session seeing", login: "pb_staff", hostile: "UPDATE session SET seen_at = now() + interval '1 year'" },
  {
    policy: "unlocker of_the_living",
    login: "pb_staff",
    given: "UPDATE account SET state = 'closed';",
    hostile: "SELECT sealed FROM unlocker",
  },
  {
    policy: "unlocker joining",
    login: "pb_staff",
    hostile: `INSERT INTO unlocker (id, account, kind, label, salt, sign_in_hash, recipient_hash, sealed) VALUES (${id("2")}, ${id("0")}, 'passphrase', 'x', 1, sha256('x'), sha256('x'), ${age("x")})`,
  },
  { policy: "unlocker adding", login: "pb_staff", hostile: passkey(90) },
  {
    policy: "unlocker removing",
    login: "pb_staff",
    given: `${passkey(90)};`,
    hostile: `DELETE FROM unlocker WHERE id = ${id("b")}`,
  },
  {
    policy: "unlocker unlocking",
    login: "pb_staff",
    hostile: "UPDATE unlocker SET used_at = now() + interval '1 year'",
  },
  {
    policy: "totp of_the_living",
    login: "pb_staff",
    given: "UPDATE account SET state = 'closed';",
    hostile: "SELECT secret FROM totp",
  },
  { policy: "totp adding", login: "pb_staff", given: "DELETE FROM totp;", hostile: totp(90) },
  { policy: "totp removing", login: "pb_staff", hostile: "DELETE FROM totp" },
  {
    policy: "totp using_up",
    login: "pb_staff",
    hostile: "UPDATE totp SET last_step = extract(epoch FROM now() + interval '1 year') / 30",
  },
  {
    policy: "wrap of_the_confirmed",
    login: "pb_staff",
    given: "UPDATE account SET state = 'waiting';",
    hostile: "SELECT bytes FROM wrap",
  },
  {
    policy: "wrap for_the_confirmed",
    login: "pb_staff",
    given: "UPDATE account SET state = 'waiting';",
    hostile: `INSERT INTO wrap (inbox, epoch, person, bytes) VALUES (${id("c")}, 2, ${id("a")}, ${age("x")})`,
  },
  {
    policy: "request asking",
    login: "pb_staff",
    hostile: `INSERT INTO request (id, body, inbox, asker, persons, scope, until, purpose, purpose_text, purpose_salt, persons_salt, event, state) VALUES (${id("2")}, 'own', ${id("c")}, ${id("a")}, ARRAY[${id("b")}], 'all', 2, 'casework', 'x', 's', sha256('p'), 90, 'confirmed')`,
  },
  {
    policy: "request deciding",
    login: "pb_staff",
    given: "UPDATE request SET state = 'declined';",
    hostile: "UPDATE request SET state = 'confirmed'",
  },

  // Letters and log.
  { policy: "event asked", login: "pb_public", hostile: say("erasure.done") },
  { policy: "event written", login: "pb_staff", hostile: say("submission.received") },
  { policy: "event written", login: "pb_staff", hostile: say("log.rotated") },
  { policy: "event mailed", login: "pb_jobs", hostile: say("messages.handed-in") },
  { policy: "event of_the_log", login: "pb_log", hostile: say("letter.released") },
  { policy: "event at_a_desk", login: "pb_staff", hostile: say("database.restored") },
  { policy: "event as_its_entry_says", login: "pb_public", hostile: say("erasure.requested", "erasure.done") },
  {
    policy: "event sequenced",
    login: "pb_log",
    given: event(90, "letter.released", "", 90),
    hostile: "UPDATE event SET leaf = 91 WHERE id = 90",
  },
  {
    policy: "event returned",
    login: "pb_public",
    given: event(90, "erasure.requested", "", 90),
    hostile: "SELECT entry FROM event",
  },
  { policy: "event own", login: "pb_public", hostile: "SELECT entry FROM event" },
  { policy: "event erased", login: "pb_public", hostile: "SELECT entry FROM event" },
  { policy: "event told", login: "pb_public", hostile: "SELECT entry FROM event" },
  {
    policy: "act signed",
    login: "pb_staff",
    given: event(90, "letter.opened", "", 90),
    hostile: `INSERT INTO act VALUES (90, ${id("a")}, decode(repeat('01', 64), 'hex'))`,
  },
  { policy: "act erased", login: "pb_public", hostile: "SELECT event FROM act" },
  { policy: "release own", login: "pb_public", hostile: "SELECT event FROM release" },
  {
    policy: "event just_written",
    login: "pb_jobs",
    given: "DELETE FROM finding; DELETE FROM event WHERE leaf IS NULL;",
    hostile: "SELECT id FROM event",
  },
  {
    policy: "tile grown",
    login: "pb_log",
    given: "UPDATE tile SET hashes = decode(repeat('00', 8192), 'hex');",
    hostile: "UPDATE tile SET hashes = sha256('x')",
  },
  {
    policy: "past_log kept",
    login: "pb_log",
    given: "GRANT INSERT ON past_log TO pb_log;",
    hostile: "INSERT INTO past_log (log, vkey, size, checkpoint, next_entry) VALUES (1, 'k', 1, 'c', 'next')",
  },
  {
    policy: "past_log continued",
    login: "pb_log",
    given: "UPDATE past_log SET next_entry = 'next';",
    hostile: "UPDATE past_log SET next_entry = 'other'",
  },
  { policy: "sealed released", login: "pb_staff", hostile: "SELECT bytes FROM sealed" },
  { policy: "receipt own", login: "pb_public", hostile: "SELECT hash FROM receipt" },
  {
    policy: "receipt shown",
    login: "pb_staff",
    given: `INSERT INTO receipt (submission, hash, event) VALUES (${id("0")}, sha256('words'), 1);`,
    hostile: `SELECT event FROM receipt WHERE submission = ${id("0")}`,
  },
  { policy: "release_item own", login: "pb_public", hostile: "SELECT submission FROM release_item" },
  { policy: "reading own", login: "pb_public", hostile: "SELECT role FROM reading" },
  { policy: "erasure own", login: "pb_public", hostile: "SELECT reason FROM erasure" },
  {
    policy: "case_act shown",
    login: "pb_staff",
    given: `ALTER TABLE case_act DROP CONSTRAINT case_act_submission_fkey; INSERT INTO case_act VALUES (${id("0")}, 0, 1);`,
    hostile: `SELECT event FROM case_act WHERE submission = ${id("0")}`,
  },
  { policy: "case_act own", login: "pb_public", hostile: "SELECT event FROM case_act" },
  { policy: "case_act done", login: "pb_staff", hostile: `INSERT INTO case_act VALUES (${id("e")}, 1, 9)` },
  { policy: "reply own", login: "pb_public", hostile: "SELECT bytes FROM reply" },
  { policy: "reply released", login: "pb_staff", hostile: "SELECT bytes FROM reply" },
  {
    policy: "reply answering",
    login: "pb_staff",
    hostile: `INSERT INTO reply (id, submission, event, bytes) VALUES (${id("7")}, ${id("e")}, 9, ${age("x")})`,
  },
  { policy: "case_note released", login: "pb_staff", hostile: "SELECT bytes FROM case_note" },
  {
    policy: "case_note noting",
    login: "pb_staff",
    hostile: `INSERT INTO case_note (id, submission, event, bytes) VALUES (${id("7")}, ${id("e")}, 9, ${age("x")})`,
  },
  { policy: "reply_fetched own", login: "pb_public", hostile: "SELECT reply FROM reply_fetched" },
  { policy: "reply_fetched shown", login: "pb_staff", hostile: "SELECT reply FROM reply_fetched" },
  {
    policy: "reply_fetched given",
    login: "pb_public",
    given: "DELETE FROM reply_fetched;",
    hostile: `INSERT INTO reply_fetched VALUES (${id("8")}, 9)`,
  },
  { policy: "event answered", login: "pb_public", hostile: "SELECT entry FROM event WHERE id = 10" },
  { policy: "act answered", login: "pb_public", hostile: "SELECT person FROM act WHERE event = 10" },
  {
    policy: "incident_document recorded",
    login: "pb_staff",
    given: event(90, "incident.sealed", "", 90),
    hostile: `INSERT INTO incident_document (id, incident, body, event, inbox, epoch, bytes) VALUES (${id("b")}, ${id("3")}, 'own', 90, ${id("d")}, 1, ${age("x")})`,
  },
  { policy: "incident_document released", login: "pb_staff", hostile: "SELECT bytes FROM incident_document" },
  {
    policy: "incident_document returned",
    login: "pb_jobs",
    given: event(90, "document.returned", "", 90),
    hostile: `INSERT INTO incident_document (id, incident, body, event, inbox, epoch, bytes) VALUES (${id("b")}, ${id("3")}, 'own', 90, ${id("d")}, 1, ${age("x")})`,
  },
  {
    policy: "release starting",
    login: "pb_staff",
    given: event(90, "letter.released", "", 90),
    hostile: `INSERT INTO release (id, event, body, inbox, person, purpose, part, ids_salt, expires_at) VALUES (${id("b")}, 90, 'own', ${id("c")}, ${id("a")}, 'open', 'letter', sha256('s'), now() + interval '5 minutes')`,
  },
  {
    policy: "release running",
    login: "pb_staff",
    given: "UPDATE event SET leaf = NULL;",
    hostile: "SELECT id FROM release",
  },
  {
    policy: "release past",
    login: "pb_staff",
    given: "UPDATE event SET leaf = NULL;",
    hostile: "SELECT id FROM release",
  },
  {
    policy: "release_item starting",
    login: "pb_staff",
    hostile: `INSERT INTO release_item (release, submission) VALUES (${id("4")}, ${id("f")})`,
  },
  {
    policy: "release_item running",
    login: "pb_staff",
    given: "UPDATE event SET leaf = NULL;",
    hostile: "SELECT submission FROM release_item",
  },
  {
    policy: "reading starting",
    login: "pb_staff",
    given: `DELETE FROM reading; ${releasing}`,
    hostile: `INSERT INTO reading (release, at, part, body, role, count) VALUES (${id("4")}, 2, 'letter', 'own', 'owner', 0)`,
  },
  {
    policy: "reading running",
    login: "pb_staff",
    given: "UPDATE event SET leaf = NULL;",
    hostile: "SELECT release FROM reading",
  },
  {
    policy: "reading opening",
    login: "pb_staff",
    given: `UPDATE reading SET opened_at = 1; ${releasing}`,
    hostile: "UPDATE reading SET opened_at = 2",
  },
  {
    policy: "erasure asked",
    login: "pb_public",
    given: `UPDATE erasure SET state = 'refused', decided_at = now(), reason = 'no', event = 3 WHERE id = ${id("6")};`,
    hostile: `INSERT INTO erasure (id, submission, asked_by) VALUES (${id("b")}, ${id("e")}, 'retention')`,
  },
  {
    policy: "erasure begun",
    login: "pb_staff",
    given: `UPDATE erasure SET state = 'refused', decided_at = now(), reason = 'no', event = 3 WHERE id = ${id("6")};`,
    hostile: `INSERT INTO erasure (id, submission, asked_by) VALUES (${id("b")}, ${id("e")}, 'submitter')`,
  },
  {
    policy: "erasure deciding",
    login: "pb_staff",
    hostile: `UPDATE erasure SET reason = 'other' WHERE id = ${id("7")}`,
  },
  {
    policy: "erasure of_a_letter",
    login: "pb_staff",
    given: `ALTER TABLE erasure DROP CONSTRAINT erasure_submission_fkey; UPDATE erasure SET submission = ${id("0")} WHERE id = ${id("6")};`,
    hostile: `SELECT id FROM erasure WHERE submission = ${id("0")}`,
  },

  // Incidents and messages.
  {
    policy: "incident_act logged",
    login: "pb_staff",
    given: "UPDATE event SET kind = 'letter.opened';",
    hostile: "SELECT texts FROM incident_act",
  },
  {
    policy: "incident_act recorded",
    login: "pb_staff",
    given: event(90, "incident.aware", "", 90),
    hostile: `INSERT INTO incident_act (incident, seq, body, event, person, by_salt, signature) VALUES (${id("3")}, 1, 'own', 90, ${id("a")}, sha256('s'), ${SIGNATURE})`,
  },
  {
    policy: "incident_act proved",
    login: "pb_staff",
    given: "UPDATE incident_act SET proof = 'p', signed_at = 1;",
    hostile: "UPDATE incident_act SET proof = 'other'",
  },
  {
    policy: "incident_reminder dealing_with",
    login: "pb_staff",
    hostile: `INSERT INTO incident_reminder (incident, hours, sent) VALUES (${id("4")}, 24, true)`,
  },
  ...(
    [
      "SELECT value FROM incident_answer",
      "UPDATE incident_answer SET value = 'y'",
      "DELETE FROM incident_answer",
    ] as const
  ).map((hostile, i) => ({
    policy: `incident_answer ${["typed", "retyping", "wiping"][i]!}`,
    login: "pb_staff",
    given: `UPDATE incident_answer SET incident = ${id("4")}; ${i === 0 ? "" : "ALTER POLICY typed ON incident_answer USING (true);"}`,
    hostile,
  })),
  {
    policy: "incident_answer typing",
    login: "pb_staff",
    hostile: `INSERT INTO incident_answer (incident, body, field, value, person) VALUES (${id("4")}, 'own', 'what', 'x', ${id("a")})`,
  },
  { policy: "incident_report made", login: "pb_staff", hostile: "SELECT content FROM incident_report" },
  {
    policy: "incident_report making",
    login: "pb_staff",
    given: event(90, "incident.reported", "", 90),
    hostile: `INSERT INTO incident_report (incident, version, body, event, content, salt) VALUES (${id("3")}, 2, 'own', 90, 'r', sha256('s'))`,
  },
  {
    policy: "public_notice shown",
    login: "pb_public",
    given: "UPDATE public_notice SET withdrawn_at = now();",
    hostile: "SELECT texts FROM public_notice",
  },
  { policy: "public_notice published", login: "pb_staff", hostile: "SELECT texts FROM public_notice" },
  {
    policy: "public_notice publishing",
    login: "pb_staff",
    given: event(90, "incident.notice", "", 90),
    hostile: `INSERT INTO public_notice (notice, body, incident, event, entry, signature, person, by_salt, texts, salt) VALUES (${id("b")}, 'own', ${id("3")}, 90, 'entry', ${SIGNATURE}, ${id("a")}, sha256('s'), '{}', sha256('s'))`,
  },
  {
    policy: "public_notice withdrawing",
    login: "pb_staff",
    given: `UPDATE event SET kind = 'incident.notice' WHERE id = 4; ${event(90, "incident.notice", `,"notice":"${"7".repeat(32)}","state":"withdrawn"`)}`,
    hostile: "UPDATE public_notice SET withdrawn_at = now()",
  },
  {
    policy: "incident_pack packed",
    login: "pb_staff",
    given: "UPDATE incident_pack SET event = 4;",
    hostile: "SELECT content FROM incident_pack",
  },
  {
    policy: "incident_pack preparing",
    login: "pb_staff",
    given: event(90, "incident.packed", "", 90),
    hostile: `INSERT INTO incident_pack (pack, incident, body, content, event) VALUES (${id("b")}, ${id("3")}, 'own', 'pack', 90)`,
  },
  {
    policy: "incident_pack packing",
    login: "pb_staff",
    given: `${event(90, "incident.packed", "", 90)} UPDATE incident_pack SET event = 90;`,
    hostile: "UPDATE incident_pack SET content = 'other'",
  },
  {
    policy: "mailing held",
    login: "pb_staff",
    given: event(90, "messages.paused", `,"incident":"${"4".repeat(32)}"`),
    hostile: "UPDATE mailing SET paused = true",
  },
  {
    policy: "delivery tracked",
    login: "pb_staff",
    hostile: `SELECT id FROM delivery WHERE id = ${id("2")}`,
  },
  {
    policy: "delivery handed_in",
    login: "pb_staff",
    hostile: `INSERT INTO delivery (id, body, incident, person, channel, state) VALUES (${id("b")}, 'own', ${id("3")}, ${id("4")}, 'email', 'sent')`,
  },
  {
    policy: "delivery decided",
    login: "pb_staff",
    hostile: "UPDATE delivery SET state = 'sent', bytes = NULL WHERE incident IS NOT NULL",
  },
  {
    policy: "delivery moved",
    login: "pb_jobs",
    given: "UPDATE delivery SET state = 'cancelled', bytes = NULL;",
    hostile: "UPDATE delivery SET state = 'handed-in'",
  },
  {
    policy: "delivery worked_on",
    login: "pb_jobs",
    given: "UPDATE delivery SET channel = 'post';",
    hostile: "SELECT bytes FROM delivery",
  },
  {
    policy: "alert alerted",
    login: "pb_staff",
    given: `UPDATE account SET state = 'waiting'; DELETE FROM alert;`,
    hostile: `INSERT INTO alert (delivery, account, kind) VALUES (${id("2")}, ${id("a")}, 'monitor.silent')`,
  },
  {
    policy: "alert alerted",
    login: "pb_staff",
    given: `UPDATE invitation SET used_at = now(); DELETE FROM alert;`,
    hostile: `INSERT INTO alert (delivery, invitation, kind) VALUES (${id("2")}, ${id("e")}, 'invitation.made')`,
  },
  {
    policy: "alert sending",
    login: "pb_jobs",
    given: "UPDATE delivery SET state = 'cancelled', bytes = NULL;",
    hostile: "SELECT kind FROM alert",
  },
  { policy: "alert done", login: "pb_jobs", hostile: "DELETE FROM alert" },
  {
    policy: "returned_mail shown",
    login: "pb_staff",
    given: "UPDATE event SET kind = 'incident.sealed' WHERE kind = 'document.returned';",
    hostile: "SELECT kind FROM returned_mail",
  },
  {
    policy: "returned_mail judged",
    login: "pb_staff",
    hostile: "UPDATE returned_mail SET said = 'arrived', said_at = now()",
  },
  {
    policy: "returned_mail judged",
    login: "pb_staff",
    given: event(90, "delivery.decided", `,"decision":"arrived","delivery":"${"2".repeat(32)}"`),
    hostile: "UPDATE returned_mail SET said = 'arrived', said_at = now()",
  },
  {
    policy: "returned_mail judged",
    login: "pb_staff",
    given: `UPDATE returned_mail SET said = 'nothing', said_at = now(); ${event(90, "delivery.decided", `,"decision":"arrived","delivery":"${"1".repeat(32)}"`)}`,
    hostile: "UPDATE returned_mail SET said = 'arrived', said_at = now()",
  },
  {
    policy: "returned_mail kept",
    login: "pb_jobs",
    given: event(90, "document.returned", "", 90) + " DELETE FROM returned_mail;",
    hostile: `INSERT INTO returned_mail (document, body, incident, event, delivery, kind, epoch, digest) VALUES (${id("6")}, 'own', ${id("3")}, 90, ${id("1")}, 'answer', 1, sha256('d'))`,
  },
  {
    policy: "call_note noted",
    login: "pb_staff",
    hostile: `INSERT INTO call_note (id, body, incident, person, caller, outcome, at) VALUES (${id("b")}, 'own', ${id("3")}, ${id("2")}, ${id("a")}, 'told', now() + interval '1 day')`,
  },

  // Watch.
  {
    policy: "finding opening",
    login: "pb_staff",
    hostile: `INSERT INTO finding (id, watcher, key, code, place, evidence, opened_at, seen_at, opened_event) VALUES (${id("b")}, 'monitor', ${id("3")}, 'file-exposed', 'x', '{}', 8, 8, 7)`,
  },
  {
    policy: "finding closing",
    login: "pb_staff",
    hostile: "UPDATE finding SET closed_at = 9, closed_event = 7",
  },
  {
    policy: "finding closing",
    login: "pb_staff",
    given: event(90, "finding.closed", `,"finding":"${"2".repeat(32)}"`),
    hostile: "UPDATE finding SET closed_at = 9, closed_event = 90",
  },
  {
    policy: "look shown",
    login: "pb_public",
    given: "UPDATE look SET watcher = 'inspect';",
    hostile: "SELECT clean_at FROM look",
  },
  {
    policy: "marker planting",
    login: "pb_staff",
    given: `DELETE FROM marker;`,
    hostile: `INSERT INTO marker (submission, body, inbox, epoch, signature, planted_at, event) VALUES (${id("e")}, 'own', ${id("c")}, 1, ${SIGNATURE}, 7, 7)`,
  },
];

/** The same event, which the log has set aside: it is no entry of any log, and nothing stands beside it. */
export const asideOf = (number: number, kind: string, more = ""): string =>
  `${event(number, kind, more)} UPDATE event SET aside = 'not-theirs' WHERE id = ${number};`;
/** The event of a row that is there is set aside. */
const asideNow = (number: number): string => `UPDATE event SET leaf = NULL, aside = 'not-theirs' WHERE id = ${number};`;
export const runningNow = "UPDATE release SET expires_at = now() + interval '5 minutes';";

/** Of each policy that asks for an event just written: one that was set aside is none. */
const SET_ASIDE: readonly Hostile[] = [
  ...(
    [
      ["incident_document recorded", "incident.sealed"],
      ["incident_document returned", "document.returned"],
      ["release starting", "letter.released"],
      ["incident_act recorded", "incident.aware"],
      ["incident_report making", "incident.reported"],
      ["public_notice publishing", "incident.notice"],
      ["incident_pack packing", "incident.packed"],
      ["returned_mail kept", "document.returned"],
    ] as const
  ).map(([policy, kind]): Hostile => {
    // The query is the one above, which brings an event that has its place.
    const one = ALL.find((known) => known.policy === policy && known.given?.includes(event(90, kind, "", 90)))!;
    return { ...one, given: one.given!.replace(event(90, kind, "", 90), asideOf(90, kind)) };
  }),
  {
    policy: "event just_written",
    login: "pb_jobs",
    given: "DELETE FROM finding; UPDATE event SET aside = 'not-theirs' WHERE leaf IS NULL;",
    hostile: "SELECT id FROM event",
  },
  {
    policy: "event returned",
    login: "pb_public",
    given: asideOf(90, "erasure.requested"),
    hostile: "SELECT entry FROM event",
  },
  {
    policy: "event sequenced",
    login: "pb_log",
    given: asideOf(90, "letter.released"),
    hostile: "UPDATE event SET aside = NULL, leaf = 91 WHERE id = 90",
  },
  {
    policy: "release_item starting",
    login: "pb_staff",
    given: `${runningNow} ${asideNow(2)}`,
    hostile: `INSERT INTO release_item (release, submission) VALUES (${id("4")}, ${id("f")})`,
  },
  {
    policy: "reading starting",
    login: "pb_staff",
    given: `DELETE FROM reading; ${runningNow} ${asideNow(2)}`,
    hostile: `INSERT INTO reading (release, at, part, body, role, count) VALUES (${id("4")}, 2, 'letter', 'own', 'owner', 0)`,
  },
  {
    policy: "public_notice withdrawing",
    login: "pb_staff",
    given: `UPDATE event SET kind = 'incident.notice' WHERE id = 4; ${asideOf(90, "incident.notice", `,"notice":"${"8".repeat(32)}","state":"withdrawn"`)}`,
    hostile: "UPDATE public_notice SET withdrawn_at = now()",
  },
  {
    policy: "mailing held",
    login: "pb_staff",
    given: asideOf(90, "messages.paused", `,"incident":"${"3".repeat(32)}"`),
    hostile: "UPDATE mailing SET paused = true",
  },
  {
    policy: "returned_mail judged",
    login: "pb_staff",
    given: asideOf(90, "delivery.decided", `,"decision":"arrived","delivery":"${"1".repeat(32)}"`),
    hostile: "UPDATE returned_mail SET said = 'arrived', said_at = now()",
  },
  {
    policy: "finding opening",
    login: "pb_staff",
    given: asideOf(90, "finding.opened"),
    hostile: `INSERT INTO finding (id, watcher, key, code, place, evidence, opened_at, seen_at, opened_event) VALUES (${id("b")}, 'monitor', ${id("3")}, 'file-exposed', 'x', '{}', 8, 8, 90)`,
  },
  {
    policy: "finding closing",
    login: "pb_staff",
    given: asideOf(90, "finding.closed", `,"finding":"${"1".repeat(32)}"`),
    hostile: "UPDATE finding SET closed_at = 9, closed_event = 90",
  },
  {
    policy: "marker planting",
    login: "pb_staff",
    given: `DELETE FROM marker; ${asideOf(90, "marker.planted")}`,
    hostile: `INSERT INTO marker (submission, body, inbox, epoch, signature, planted_at, event) VALUES (${id("e")}, 'own', ${id("c")}, 1, ${SIGNATURE}, 7, 90)`,
  },
];

export const POLICIES: readonly Hostile[] = [...ALL, ...SET_ASIDE];

/**
 * Policies that say of a row what its table demands of every row, or nothing that a row could break: the login has the
 * right to all rows, and the policy is there because without one it would have none.
 */
export const TRIVIAL: readonly string[] = [
  "act shown",
  "call_note shown",
  "epoch_key added",
  "event_secret noted",
  "finding known",
  "form_version added",
  "head grown",
  "incident_reminder dealt_with",
  "invitation_link followed",
  "look known",
  "look looked",
  "look looking",
  "mailing begun",
  "mailing looked_at",
  "mailing shown",
  "mailroom known",
  "mailroom seen",
  "mailroom shown",
  "mailroom started",
  "marker known",
  "session ending",
  "statement added",
  "tile kept",
  "told_once known",
  "told_once telling",
];
