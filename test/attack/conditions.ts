/**
 * A hostile query for each condition of each policy: what its login would do if that one condition were not there.
 * Those of `hostile.ts` count, too; here are the others, and the conditions that no query can show alone.
 */
import { sha256, toHex, toUtf8 } from "../../src/domain/bytes.ts";
import {
  age,
  asideOf,
  event,
  expired,
  id,
  passkey,
  releasing,
  runningNow,
  SIGNATURE,
  totp,
  type Hostile,
} from "./hostile.ts";

/** The text of an id, as it stands in an entry. */
const spelled = (letter: string): string => letter.repeat(32);
const other = "INSERT INTO body (id, name, record) VALUES ('other', 'Other', '{}');";
/** The words of the receipt of rows.sql are brought. */
const brought = "SELECT set_config('pillarbox.receipt', encode('words', 'hex'), true);";

/**
 * A row that stands beside an event which was just written: not beside another, one of another kind, one that has its
 * place, or one that was set aside.
 */
const beside = (
  policy: string,
  kind: string,
  row: (event: number) => string,
  {
    more = "",
    given = "",
    login = "pb_staff",
  }: { readonly more?: string; readonly given?: string; readonly login?: string } = {},
): readonly Hostile[] =>
  [
    { given: event(90, kind, more), hostile: row(1) },
    { given: event(90, "letter.opened", more), hostile: row(90) },
    { given: event(90, kind, more, 90), hostile: row(90) },
    { given: asideOf(90, kind, more), hostile: row(90) },
  ].map((one) => ({ policy, login, hostile: one.hostile, given: `${given} ${one.given}` }));

const delivery = (columns: string, values: string): string =>
  `INSERT INTO delivery (id, body, channel, state${columns}) VALUES (${id("b")}, 'own', ${values})`;
const letter = ", incident, person, mailroom, bytes";
const ofLetter = `${id("3")}, ${id("4")}, ${id("a")}, ${age("x")}`;
const only = (which: "1" | "2"): string =>
  which === "1"
    ? `DELETE FROM alert; DELETE FROM delivery WHERE id = ${id("2")};`
    : `DELETE FROM returned_mail; DELETE FROM delivery WHERE id = ${id("1")};`;
const act = `INSERT INTO act VALUES (90, ${id("a")}, decode(repeat('01', 64), 'hex'));`;
const refuse = (number: number): string =>
  `UPDATE erasure SET state = 'refused', decided_at = now(), decided_by = ${id("a")}, reason = 'no', event = ${number} WHERE id = ${id("6")}`;
const ofErasure = `,"erasure":"${spelled("6")}"`;
const release = (number: number, expires = "now() + interval '5 minutes'"): string =>
  `INSERT INTO release (id, event, body, inbox, person, purpose, part, ids_salt, expires_at) VALUES (${id("b")}, ${number}, 'own', ${id("c")}, ${id("a")}, 'open', 'letter', sha256('s'), ${expires})`;
const reading = (values: string, more = ""): string =>
  `INSERT INTO reading (release, at, part, body, role, count${more === "" ? "" : ", opened_at"}) VALUES (${values}, 'owner', 0${more})`;
const justReleased = `DELETE FROM reading; ${runningNow} UPDATE event SET leaf = NULL WHERE id = 2;`;
const notice = (number: number, withdrawn = "NULL"): string =>
  `INSERT INTO public_notice (notice, body, incident, event, entry, signature, person, by_salt, texts, salt, withdrawn_at) VALUES (${id("b")}, 'own', ${id("3")}, ${number}, 'entry', ${SIGNATURE}, ${id("a")}, sha256('s'), '{}', sha256('s'), ${withdrawn})`;
const withdrawn = `,"notice":"${spelled("8")}","state":"withdrawn"`;
const theNotice = "UPDATE event SET kind = 'incident.notice' WHERE id = 4;";
const finding = (number: number, closed = "NULL, NULL"): string =>
  `INSERT INTO finding (id, watcher, key, code, place, evidence, opened_at, seen_at, opened_event, closed_at, closed_event) VALUES (${id("b")}, 'monitor', ${id("3")}, 'file-exposed', 'x', '{}', 8, 8, ${number}, ${closed})`;
const incidentAct = (number: number, proof = "NULL, NULL"): string =>
  `INSERT INTO incident_act (incident, seq, body, event, person, by_salt, signature, proof, signed_at) VALUES (${id("3")}, 1, 'own', ${number}, ${id("a")}, sha256('s'), ${SIGNATURE}, ${proof})`;
const document = (number: number): string =>
  `INSERT INTO incident_document (id, incident, body, event, inbox, epoch, bytes) VALUES (${id("b")}, ${id("3")}, 'own', ${number}, ${id("d")}, 1, ${age("x")})`;
const cameBack = (number: number): string =>
  `INSERT INTO returned_mail (document, body, incident, event, delivery, kind, epoch, digest) VALUES (${id("6")}, 'own', ${id("3")}, ${number}, ${id("1")}, 'answer', 1, sha256('d'))`;
const judged = `,"decision":"arrived","delivery":"${spelled("1")}"`;
const judging = "UPDATE returned_mail SET said = 'arrived', said_at = now()";

const waits = `INSERT INTO account (id, body, role, name, email, state) VALUES (${id("b")}, 'own', 'reader', 'B', 'b@example.org', 'waiting');`;
const unlocking = (account: string): string =>
  `INSERT INTO unlocker (id, account, kind, label, salt, sign_in_hash, recipient_hash, sealed) VALUES (${id("2")}, ${account}, 'passphrase', 'x', 1, sha256('x'), sha256('x'), ${age("x")})`;
const link = `INSERT INTO invitation_link (token_hash, invitation) VALUES (sha256('2'), ${id("e")})`;
const anotherInvitation = (mailed: boolean): string =>
  `INSERT INTO invitation (id, body, role, name, email, invited_by, mailed, expires_at) VALUES (${id("f")}, 'own', 'reader', 'B', 'b@example.org', ${id("a")}, ${mailed}, now() + interval '1 day');`;
const toldOf = (letter: string): string =>
  `UPDATE delivery SET state = 'intended' WHERE id = ${id("2")}; UPDATE alert SET account = NULL, invitation = ${id(letter)}, kind = 'invitation.made';`;

/**
 * Sealed bytes are shown under a release that runs, of this very row, with an event of its own kind under a signed
 * checkpoint of its own log: each time one of these is not so.
 */
function released(policy: string, event: number, rows: string): readonly Hostile[] {
  const runs = "UPDATE release SET expires_at = now() + interval '5 minutes'; DELETE FROM past_log;";
  const signed = `${runs} UPDATE head SET size = 100, signed_size = 100 WHERE body = '';`;
  const ended = (body: string, log: number, size: number): string =>
    `${runs} UPDATE head SET log = 1, size = 0, signed_size = 0; INSERT INTO past_log (body, log, vkey, size, checkpoint) VALUES ('${body}', ${log}, 'v', ${size}, 'c');`;
  return [
    runs,
    `${signed} UPDATE event SET body = 'own' WHERE id = ${event};`,
    `${signed} UPDATE event SET log = 1 WHERE id = ${event};`,
    ended("own", 0, 100),
    ended("", 5, 100),
    ended("", 0, 1),
    `${signed} UPDATE release SET expires_at = now() - interval '1 second';`,
    `${signed} UPDATE event SET kind = 'slips.released' WHERE id = ${event};`,
  ].map((given) => ({ policy, login: "pb_staff", given, hostile: `SELECT bytes FROM ${rows}` }));
}
const signedFor =
  "UPDATE release SET expires_at = now() + interval '5 minutes'; UPDATE head SET size = 100, signed_size = 100 WHERE body = '';";

const hexOf = (text: string): string => toHex(sha256(toUtf8(text)));
const FITS = {
  unlocker: spelled("b"),
  recipient: hexOf("r"),
  copy: hexOf(`age-encryption.org/v1${"x".repeat(300)}`),
  credential: hexOf("c"),
  how: "passkey",
} as const;
const OTHER: { readonly [field: string]: string } = { unlocker: spelled("7"), totp: spelled("7"), how: "passphrase" };
const says = (fields: { readonly [field: string]: string }): string =>
  Object.entries(fields)
    .map(([field, value]) => `,"${field}":"${value}"`)
    .join("");
const signs = (number: number, person = id("a"), signature = "5a"): string =>
  `INSERT INTO act VALUES (${number}, ${person}, decode(repeat('${signature}', 64), 'hex'));`;

/** An unlocker comes or goes beside an act of its person that says so, and each time one thing is not as it says. */
function unlockers(policy: string, kind: string, fits: { readonly [field: string]: string }): readonly Hostile[] {
  const own = kind.startsWith("totp.") ? totp : (number: number) => passkey(number);
  const table = kind.startsWith("totp.") ? "totp" : "unlocker";
  const comes = kind === "unlocker.added" || kind === "totp.on";
  const before = table === "totp" ? "DELETE FROM totp;" : "";
  const [given, hostile] = comes
    ? [before, own]
    : [`${before} ${own(89)};`, () => `DELETE FROM ${table} WHERE id = ${id("b")}`];
  const right = event(90, kind, says(fits));
  return [
    // Signed by nobody, by somebody else, and by its person over another event.
    { given: right, hostile: hostile(90) },
    { given: `${right} ${signs(90, id("0"))}`, hostile: hostile(90) },
    { given: `${right} ${event(91, "erasure.refused")} ${signs(91)}`, hostile: hostile(90) },
    // Another kind; one that has its place; one that was set aside.
    { given: `${event(90, "letter.opened", says(fits))} ${signs(90)}`, hostile: hostile(90) },
    { given: `${event(90, kind, says(fits), 90)} ${signs(90)}`, hostile: hostile(90) },
    { given: `${asideOf(90, kind, says(fits))} ${signs(90)}`, hostile: hostile(90) },
    // Over another unlocker, copy, recipient or passkey.
    ...Object.keys(fits).map((field) => ({
      given: `${event(90, kind, says({ ...fits, [field]: OTHER[field] ?? hexOf("7") }))} ${signs(90)}`,
      hostile: hostile(90),
    })),
    // The row names another event than the one that was signed.
    ...(comes ? [{ given: `${right} ${signs(90)}`, hostile: hostile(91) }] : []),
  ].map((one) => ({ policy, login: "pb_staff", given: `${given} ${one.given}`, hostile: one.hostile }));
}

/** A reply, or a note, as its event and its act say it, but for one thing. */
function answeredBy({
  what = "reply",
  leaf = null,
  of = "e",
  says = "7",
  digest = DIGEST,
  inbox = "c",
  person = "a",
  more = "",
}: {
  readonly what?: "reply" | "note";
  readonly leaf?: number | null;
  readonly of?: string;
  readonly says?: string;
  readonly digest?: string;
  readonly inbox?: string;
  readonly person?: string;
  readonly more?: string;
}): string {
  const said = `,"case":"${spelled("e")}","digest":"${digest}","${what}":"${spelled(says)}","seq":"1"`;
  return `${event(90, what === "reply" ? "case.replied" : "case.noted", said, leaf)} ${act} INSERT INTO case_act VALUES (${id(of)}, 1, 90);
    ${anybody} DELETE FROM wrap; INSERT INTO wrap (inbox, epoch, person, bytes) VALUES (${id(inbox)}, 1, ${id(person)}, 'age-encryption.org/v1 wrapped'); ${more}`;
}
const anybody = `INSERT INTO account (id, body, role, name, email, state) VALUES (${id("b")}, 'own', 'reader', 'B', 'b@example.org', 'confirmed');`;
/** Of the bytes that `age("x")` makes. */
const DIGEST = hexOf(`age-encryption.org/v1${"x".repeat(300)}`);
const replyTo = (letter: string, number = 90, table = "reply"): string =>
  `INSERT INTO ${table} (id, submission, event, bytes) VALUES (${id("7")}, ${id(letter)}, ${number}, ${age("x")})`;
const caseSaid = `,"case":"${spelled("e")}","seq":"1"`;

export const CONDITIONS: readonly Hostile[] = [
  ...unlockers("unlocker adding", "unlocker.added", FITS),
  // A passphrase beside a true act, but for what signs in by it.
  {
    policy: "unlocker adding",
    login: "pb_staff",
    given: `${event(90, "unlocker.added", says({ ...FITS, unlocker: spelled("2"), recipient: hexOf("x"), how: "passphrase", credential: toHex(sha256(sha256(toUtf8("y")))) }))} ${signs(90)}`,
    hostile: unlocking(id("a")).replace(", sealed)", ", sealed, event)").replace(/\)$/, ", 90)"),
  },
  ...unlockers("totp adding", "totp.on", { totp: spelled("b") }),
  ...unlockers("totp removing", "totp.off", { totp: spelled("b") }),
  ...unlockers("unlocker removing", "unlocker.removed", { unlocker: FITS.unlocker }),
  {
    policy: "unlocker joining",
    login: "pb_staff",
    given: waits,
    hostile: passkey(90, id("7"), id("b")),
  },
  { policy: "unlocker joining", login: "pb_staff", given: waits, hostile: unlocking(id("0")) },
  ...released("reply released", 2, `reply WHERE submission = ${id("e")}`),
  {
    policy: "reply released",
    login: "pb_staff",
    given: `${signedFor} INSERT INTO reply (id, submission, event, bytes) VALUES (${id("7")}, ${id("f")}, 9, ${age("x")});`,
    hostile: `SELECT bytes FROM reply WHERE submission = ${id("f")}`,
  },
  ...released("case_note released", 2, `case_note WHERE submission = ${id("e")}`),
  {
    policy: "case_note released",
    login: "pb_staff",
    given: `${signedFor} INSERT INTO case_note (id, submission, event, bytes) VALUES (${id("7")}, ${id("f")}, 9, ${age("x")});`,
    hostile: `SELECT bytes FROM case_note WHERE submission = ${id("f")}`,
  },
  ...(["reply", "note"] as const).flatMap((what) => {
    const [table, policy] = what === "reply" ? ["reply", "reply answering"] : ["case_note", "case_note noting"];
    return [
      { given: answeredBy({ what, leaf: 90 }) },
      { given: answeredBy({ what, says: "6" }) },
      { given: answeredBy({ what, digest: "0".repeat(64) }) },
      { given: answeredBy({ what, inbox: "d" }) },
      { given: answeredBy({ what, person: "b" }) },
      { given: answeredBy({ what, more: `UPDATE submission SET erased_at = now() WHERE id = ${id("e")};` }) },
      { given: answeredBy({ what }), hostile: replyTo("f", 90, table) },
      { given: answeredBy({ what }), hostile: replyTo("e", 9, table) },
    ].map(({ given, hostile = replyTo("e", 90, table) }) => ({ policy, login: "pb_staff", given, hostile }));
  }),
  ...beside("case_act done", "case.replied", (number) => `INSERT INTO case_act VALUES (${id("e")}, 1, ${number})`, {
    more: caseSaid,
  }).map((one) => ({ ...one, given: `${one.given} ${act}` })),
  ...[`(${id("f")}, 1, 90)`, `(${id("e")}, 2, 90)`].map((row) => ({
    policy: "case_act done",
    login: "pb_staff",
    given: `${event(90, "case.replied", caseSaid)} ${act}`,
    hostile: `INSERT INTO case_act VALUES ${row}`,
  })),
  ...[
    { kind: "erasure.requested", reply: "8", row: "8" },
    { kind: "reply.fetched", reply: "7", row: "8" },
    { kind: "reply.fetched", reply: "8", row: "7" },
  ].map(({ kind, reply, row }) => ({
    policy: "reply_fetched given",
    login: "pb_public",
    given: `DELETE FROM reply_fetched; INSERT INTO reply (id, submission, event, bytes) VALUES (${id("7")}, ${id("f")}, 9, ${age("x")}); ${event(90, kind, `,"reply":"${spelled(reply)}"`)} ${brought}`,
    hostile: `INSERT INTO reply_fetched VALUES (${id(row)}, 90)`,
  })),
  {
    policy: "event answered",
    login: "pb_public",
    given: `UPDATE event SET kind = 'letter.opened' WHERE id = 10; ${brought}`,
    hostile: "SELECT entry FROM event WHERE id = 10",
  },
  {
    policy: "event answered",
    login: "pb_public",
    given: `${event(90, "case.replied", "", 90)} ${brought}`,
    hostile: "SELECT entry FROM event WHERE id = 90",
  },
  ...released("sealed released", 2, `sealed WHERE submission = ${id("e")} AND part = 'letter'`),
  {
    policy: "sealed released",
    login: "pb_staff",
    given: signedFor,
    hostile: "SELECT bytes FROM sealed WHERE part = 'slip'",
  },
  {
    policy: "sealed released",
    login: "pb_staff",
    given: `${signedFor} INSERT INTO sealed VALUES (${id("f")}, 'letter', ${age("x")});`,
    hostile: `SELECT bytes FROM sealed WHERE submission = ${id("f")}`,
  },
  ...released("incident_document released", 6, `incident_document WHERE id = ${id("2")}`),
  {
    policy: "incident_document released",
    login: "pb_staff",
    given: signedFor,
    hostile: `SELECT bytes FROM incident_document WHERE id = ${id("6")}`,
  },
  // Beside an event.
  // Beside an event of any kind: whether it needs an act is not asked here.
  ...beside(
    "act signed",
    "erasure.done",
    (number) => `INSERT INTO act VALUES (${number}, ${id("a")}, decode(repeat('01', 64), 'hex'))`,
  ).filter((_one, nth) => nth !== 1),
  ...beside("incident_document recorded", "incident.sealed", document),
  ...beside("incident_document returned", "document.returned", document, { login: "pb_jobs" }),
  ...beside("release starting", "letter.released", release),
  ...beside("incident_act recorded", "incident.aware", incidentAct),
  ...beside(
    "incident_report making",
    "incident.reported",
    (number) =>
      `INSERT INTO incident_report (incident, version, body, event, content, salt) VALUES (${id("3")}, 2, 'own', ${number}, 'r', sha256('s'))`,
  ),
  ...beside("public_notice publishing", "incident.notice", notice),
  ...beside("incident_pack packing", "incident.packed", (number) => `UPDATE incident_pack SET event = ${number}`),
  ...beside("returned_mail kept", "document.returned", cameBack, {
    login: "pb_jobs",
    given: "DELETE FROM returned_mail;",
  }),
  ...beside("finding opening", "finding.opened", finding),
  ...beside(
    "finding closing",
    "finding.closed",
    (number) => `UPDATE finding SET closed_at = 9, closed_event = ${number}`,
    {
      more: `,"finding":"${spelled("1")}"`,
    },
  ),
  ...beside(
    "marker planting",
    "marker.planted",
    (number) =>
      `INSERT INTO marker (submission, body, inbox, epoch, signature, planted_at, event) VALUES (${id("e")}, 'own', ${id("c")}, 1, ${SIGNATURE}, 7, ${number})`,
    { given: "DELETE FROM marker;" },
  ),
  ...beside("erasure deciding", "erasure.refused", refuse, { more: ofErasure }).map((one) => ({
    ...one,
    given: `${one.given} ${act}`,
  })),
  {
    policy: "erasure deciding",
    login: "pb_staff",
    given: `${event(90, "erasure.refused", `,"erasure":"${spelled("7")}"`)} ${act}`,
    hostile: refuse(90),
  },
  {
    policy: "erasure deciding",
    login: "pb_staff",
    given: `${event(90, "erasure.refused", ofErasure)} ${act}`,
    hostile: `UPDATE erasure SET asked_at = asked_at, event = 90 WHERE id = ${id("6")}`,
  },
  ...beside("mailing held", "messages.paused", () => "UPDATE mailing SET paused = true", {
    more: `,"incident":"${spelled("3")}"`,
  }).slice(1),
  ...beside("public_notice withdrawing", "incident.notice", () => "UPDATE public_notice SET withdrawn_at = now()", {
    more: withdrawn,
    given: theNotice,
  }).slice(1),
  ...beside("returned_mail judged", "delivery.decided", () => judging, { more: judged }).slice(1),
  // What the entry says.
  {
    policy: "public_notice withdrawing",
    login: "pb_staff",
    given: `${theNotice} ${event(90, "incident.notice", `,"notice":"${spelled("8")}","state":"published"`)}`,
    hostile: "UPDATE public_notice SET withdrawn_at = now()",
  },
  {
    policy: "public_notice withdrawing",
    login: "pb_staff",
    given: `${theNotice} ${event(90, "incident.notice", withdrawn)}`,
    hostile: "UPDATE public_notice SET withdrawn_at = NULL",
  },
  {
    policy: "returned_mail judged",
    login: "pb_staff",
    given: event(90, "delivery.decided", `,"decision":"nothing","delivery":"${spelled("1")}"`),
    hostile: judging,
  },
  {
    policy: "event as_its_entry_says",
    login: "pb_staff",
    hostile: `INSERT INTO event (at, kind, entry) VALUES (8, 'session.refused', '{"at":9,"kind":"session.refused"}')`,
  },
  // More than was just written.
  {
    policy: "public_notice publishing",
    login: "pb_staff",
    given: event(90, "incident.notice"),
    hostile: notice(90, "now()"),
  },
  { policy: "finding opening", login: "pb_staff", given: event(90, "finding.opened"), hostile: finding(90, "8, 90") },
  {
    policy: "incident_act recorded",
    login: "pb_staff",
    given: event(90, "incident.aware"),
    hostile: incidentAct(90, "'p', 1"),
  },
  {
    policy: "release starting",
    login: "pb_staff",
    given: event(90, "letter.released"),
    hostile: release(90, "now() - interval '1 minute'"),
  },
  {
    policy: "release starting",
    login: "pb_staff",
    given: event(90, "letter.released"),
    hostile: release(90, "now() + interval '2 hours'"),
  },
  {
    policy: "release_item starting",
    login: "pb_staff",
    given: `${runningNow} UPDATE event SET leaf = NULL WHERE id = 6;`,
    hostile: `INSERT INTO release_item (release, submission) VALUES (${id("4")}, ${id("f")})`,
  },
  {
    policy: "reading starting",
    login: "pb_staff",
    given: justReleased,
    hostile: reading(`${id("5")}, 2, 'letter', 'own'`),
  },
  {
    policy: "reading starting",
    login: "pb_staff",
    given: justReleased,
    hostile: reading(`${id("4")}, 2, 'slip', 'own'`),
  },
  {
    policy: "reading starting",
    login: "pb_staff",
    given: `${other} ${justReleased}`,
    hostile: reading(`${id("4")}, 2, 'letter', 'other'`),
  },
  {
    policy: "reading starting",
    login: "pb_staff",
    given: justReleased,
    hostile: reading(`${id("4")}, 3, 'letter', 'own'`),
  },
  {
    policy: "reading starting",
    login: "pb_staff",
    given: justReleased,
    hostile: reading(`${id("4")}, 2, 'letter', 'own'`, ", 2"),
  },
  {
    policy: "reading opening",
    login: "pb_staff",
    given: `UPDATE reading SET part = 'slip'; ${releasing}`,
    hostile: "UPDATE reading SET opened_at = 2",
  },
  // What is shown beside an event is shown beside its own.
  {
    policy: "release past",
    login: "pb_staff",
    given: "UPDATE event SET leaf = NULL WHERE id = 2;",
    hostile: `SELECT id FROM release WHERE id = ${id("4")}`,
  },
  {
    policy: "incident_act logged",
    login: "pb_staff",
    given: "UPDATE event SET kind = 'letter.opened' WHERE id = 4;",
    hostile: "SELECT texts FROM incident_act",
  },
  ...(
    [
      ["incident_report made", "incident.reported", "SELECT content FROM incident_report"],
      ["public_notice published", "incident.notice", "SELECT texts FROM public_notice"],
      ["incident_pack packed", "incident.packed", "SELECT content FROM incident_pack"],
      ["returned_mail shown", "document.returned", "SELECT kind FROM returned_mail"],
    ] as const
  ).map(([policy, kind, hostile]) => ({
    policy,
    login: "pb_staff",
    given: `UPDATE event SET kind = 'letter.opened' WHERE id = 9; UPDATE incident_pack SET event = 4; ${event(90, kind, "", 90)}`,
    hostile,
  })),
  {
    policy: "event own",
    login: "pb_public",
    given: `${brought} UPDATE event SET entry = '{"submission":"${spelled("e")}"}' WHERE id = 1;`,
    hostile: "SELECT entry FROM event WHERE id = 1",
  },
  {
    policy: "event own",
    login: "pb_public",
    given: `${brought} ${event(90, "submission.received", `,"submission":"${spelled("e")}"`, 90)}`,
    hostile: "SELECT entry FROM event WHERE id = 90",
  },
  {
    policy: "event own",
    login: "pb_public",
    given: `${brought} UPDATE event SET kind = 'submission.received', entry = '{"submission":"${spelled("f")}"}' WHERE id = 1;`,
    hostile: "SELECT entry FROM event WHERE id = 1",
  },
  {
    policy: "event told",
    login: "pb_public",
    given: `${brought} UPDATE event SET kind = 'session.started' WHERE id = 2;`,
    hostile: "SELECT entry FROM event WHERE id = 2",
  },
  // People.
  {
    policy: "account confirming",
    login: "pb_staff",
    given: "UPDATE account SET state = 'closed';",
    hostile: "UPDATE account SET state = 'confirmed'",
  },
  {
    policy: "invitation using_once",
    login: "pb_staff",
    given: "UPDATE invitation SET used_at = now() - interval '1 hour';",
    hostile: "UPDATE invitation SET used_at = now()",
  },
  {
    policy: "invitation using_once",
    login: "pb_staff",
    given: expired("invitation"),
    hostile: "UPDATE invitation SET used_at = now()",
  },
  {
    policy: "alert alerted",
    login: "pb_staff",
    given: "UPDATE invitation SET mailed = false; DELETE FROM alert;",
    hostile: `INSERT INTO alert (delivery, invitation, kind) VALUES (${id("2")}, ${id("e")}, 'invitation.made')`,
  },
  {
    policy: "comparison beginning",
    login: "pb_staff",
    given: waits,
    hostile: `INSERT INTO comparison (nonce, person, owner) VALUES (sha256('2'), ${id("b")}, NULL)`,
  },
  {
    policy: "comparison beginning",
    login: "pb_staff",
    given: waits,
    hostile: `INSERT INTO comparison (nonce, person, owner) VALUES (sha256('2'), ${id("a")}, ${id("a")})`,
  },
  {
    policy: "invitation_link linking",
    login: "pb_staff",
    given: anotherInvitation(false),
    hostile: link,
  },
  // To the jobs login an invitation is shown by its alert.
  ...["used_at = now()", "expires_at = now() - interval '1 minute'", "mailed = false"].map((over) => ({
    policy: "invitation_link mailed",
    login: "pb_jobs",
    given: `${toldOf("e")} UPDATE invitation SET ${over};`,
    hostile: link,
  })),
  {
    policy: "invitation_link mailed",
    login: "pb_jobs",
    given: `UPDATE invitation SET used_at = now(); ${anotherInvitation(true)} ${toldOf("f")}`,
    hostile: link,
  },
  {
    policy: "session starting",
    login: "pb_staff",
    hostile: `INSERT INTO session (token_hash, account, expires_at) VALUES (sha256('2'), ${id("a")}, now() - interval '1 minute')`,
  },
  {
    policy: "wrap of_the_confirmed",
    login: "pb_staff",
    given: "UPDATE account SET state = 'waiting' WHERE role <> 'operator';",
    hostile: "SELECT bytes FROM wrap",
  },
  {
    policy: "wrap for_the_confirmed",
    login: "pb_staff",
    given: "UPDATE account SET state = 'waiting' WHERE role <> 'operator';",
    hostile: `INSERT INTO wrap (inbox, epoch, person, bytes) VALUES (${id("c")}, 2, ${id("a")}, ${age("x")})`,
  },
  {
    policy: "alert alerted",
    login: "pb_staff",
    given: "UPDATE account SET state = 'waiting' WHERE role <> 'operator'; DELETE FROM alert;",
    hostile: `INSERT INTO alert (delivery, account, kind) VALUES (${id("2")}, ${id("a")}, 'monitor.silent')`,
  },
  // Messages.
  {
    policy: "alert done",
    login: "pb_jobs",
    given: `UPDATE delivery SET state = 'sent', bytes = NULL WHERE id = ${id("1")};`,
    hostile: "DELETE FROM alert",
  },
  {
    policy: "alert sending",
    login: "pb_jobs",
    given: `UPDATE delivery SET state = 'cancelled' WHERE id = ${id("2")};`,
    hostile: "SELECT kind FROM alert",
  },
  {
    policy: "delivery handed_in",
    login: "pb_staff",
    hostile: delivery(", mailroom, bytes", `'email', 'handed-in', ${id("a")}, ${age("x")}`),
  },
  {
    policy: "delivery handed_in",
    login: "pb_staff",
    hostile: delivery(", incident, person, mailroom", `'email', 'handed-in', ${id("3")}, ${id("4")}, ${id("a")}`),
  },
  {
    policy: "delivery handed_in",
    login: "pb_staff",
    hostile: delivery(", incident, person, bytes", `'email', 'handed-in', ${id("3")}, ${id("4")}, ${age("x")}`),
  },
  {
    policy: "delivery handed_in",
    login: "pb_staff",
    hostile: delivery(", bytes", `'email', 'handed-in', ${age("x")}`),
  },
  { policy: "delivery handed_in", login: "pb_staff", hostile: delivery(letter, `'email', 'intended', ${ofLetter}`) },
  { policy: "delivery handed_in", login: "pb_staff", hostile: delivery(letter, `'post', 'handed-in', ${ofLetter}`) },
  {
    policy: "delivery handed_in",
    login: "pb_staff",
    hostile: delivery(", incident, person", `'post', 'bounced', ${id("3")}, ${id("4")}`),
  },
  ...(
    [
      ["state = 'sent', attempts = 1, bytes = NULL", "state = 'cancelled'"],
      ["channel = 'post', state = 'bounced', bytes = NULL", "state = 'sent'"],
      ["state = 'rejected', bytes = NULL", "state = 'handed-in'"],
      ["attempts = 1", "state = 'bounced', bytes = NULL"],
      ["channel = 'post', state = 'sent', bytes = NULL", "state = 'rejected'"],
    ] as const
  ).map(([before, after]) => ({
    policy: "delivery decided",
    login: "pb_staff",
    given: `UPDATE delivery SET ${before} WHERE id = ${id("1")};`,
    hostile: `UPDATE delivery SET ${after} WHERE id = ${id("1")}`,
  })),
  {
    policy: "delivery decided",
    login: "pb_staff",
    given: only("2"),
    hostile: "UPDATE delivery SET state = 'cancelled'",
  },
  {
    policy: "delivery moved",
    login: "pb_jobs",
    given: only("1"),
    hostile: "UPDATE delivery SET state = 'cancelled', bytes = NULL",
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
    given: `${other} UPDATE incident_answer SET body = 'other'; ${i === 0 ? "" : "ALTER POLICY typed ON incident_answer USING (true);"}`,
    hostile,
  })),
  {
    policy: "incident_answer typing",
    login: "pb_staff",
    given: other,
    hostile: `INSERT INTO incident_answer (incident, body, field, value, person) VALUES (${id("3")}, 'other', 'when', 'x', ${id("a")})`,
  },
  {
    policy: "look shown",
    login: "pb_public",
    given: "UPDATE look SET kind = 'rows';",
    hostile: "SELECT clean_at FROM look",
  },
];

const NO_COLUMN = "the login has no right to write that column";
const NOT_SEEN = "the jobs login sees no event but one that was just written";

/** Conditions that no query shows alone, by policy and what stands in them, each with what else refuses. */
export const SECOND_WALLS: readonly (readonly [policy: string, condition: RegExp, first: string])[] = [
  ["delivery decided", /channel = 'email'/, "there are two channels, and the other one may be said to be sent, too"],
  ["delivery handed_in", /bytes IS NULL/, "the table has sealed bytes only while a delivery waits"],
  [
    "delivery moved",
    /channel = 'email'/,
    "the condition before and the one after: the login cannot change the channel",
  ],
  ["erasure asked", /state = 'open'/, NO_COLUMN],
  ["erasure begun", /state = 'open'/, NO_COLUMN],
  ["erasure deciding", /state <> 'open'/, "the table has an event only of a request that was decided"],
  ["event asked", /leaf IS NULL/, NO_COLUMN],
  ["event mailed", /leaf IS NULL/, NO_COLUMN],
  ["event written", /leaf IS NULL/, NO_COLUMN],
  ["incident_document released", /part = 'document'/, "the table has a document of a release of documents only"],
  ["incident_document returned", /leaf IS NULL/, NOT_SEEN],
  ["incident_document returned", /aside IS NULL/, NOT_SEEN],
  ["returned_mail kept", /leaf IS NULL/, NOT_SEEN],
  ["returned_mail kept", /aside IS NULL/, NOT_SEEN],
  ["returned_mail kept", /said IS NULL/, NO_COLUMN],
];
