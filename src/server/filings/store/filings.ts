/** What is written about an incident beside its acts: answers for the report, its versions, public notices. */
import type { Texts } from "../../../domain/incident/act.ts";
import { Fault } from "../../../domain/problem.ts";
import type { Client, Db } from "../../database/pool.ts";

export type AnswerRow = {
  readonly incident: string;
  readonly field: string;
  readonly value: string;
  readonly person: string;
  readonly at: Date;
};

/** Typed answers of one incident, or of all incidents of a body. */
export async function answersOf(db: Db, body: string, incident?: string): Promise<AnswerRow[]> {
  return (
    await db.query<AnswerRow>(
      "SELECT incident, field, value, person, at FROM incident_answer WHERE body = $1 AND ($2::text IS NULL OR incident = $2) ORDER BY incident, field",
      [body, incident ?? null],
    )
  ).rows;
}

/** Keeps an answer, or wipes it where the value is null. */
export async function keepAnswer(
  db: Db,
  body: string,
  incident: string,
  field: string,
  value: string | null,
  person: string,
): Promise<void> {
  if (value === null)
    await db.query("DELETE FROM incident_answer WHERE incident = $1 AND field = $2", [incident, field]);
  else
    await db.query(
      "INSERT INTO incident_answer (incident, body, field, value, person) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (incident, field) DO UPDATE SET value = excluded.value, person = excluded.person, at = now()",
      [incident, body, field, value, person],
    );
}

/** An act that was written in this transaction, and its event. */
const ACT = "incident_act a JOIN event e ON e.id = a.event WHERE a.incident = $1 AND a.seq = $2";

export async function insertReport(
  client: Client,
  incident: string,
  seq: number,
  version: number,
  content: Uint8Array,
  salt: Uint8Array,
): Promise<void> {
  await client.query(
    `INSERT INTO incident_report (incident, version, body, event, content, salt) SELECT a.incident, $3, a.body, a.event, $4, $5 FROM ${ACT}`,
    [incident, seq, version, content, salt],
  );
}

export type ReportRow = {
  readonly incident: string;
  readonly version: number;
  readonly content: Buffer;
  readonly salt: Buffer;
};

/** The versions of the report of one incident, in order. Untrusted until compared with the acts. */
export async function reportsOf(db: Db, body: string, incident: string): Promise<ReportRow[]> {
  return (
    await db.query<ReportRow>(
      "SELECT incident, version, content, salt FROM incident_report WHERE body = $1 AND incident = $2 ORDER BY version",
      [body, incident],
    )
  ).rows;
}

export async function insertNotice(client: Client, incident: string, seq: number, notice: string): Promise<void> {
  await client.query(
    `INSERT INTO public_notice (notice, body, incident, event, entry, signature, person, by_salt, texts, salt) SELECT $3, a.body, a.incident, a.event, e.entry, a.signature, a.person, a.by_salt, a.texts, a.salt FROM ${ACT}`,
    [incident, seq, notice],
  );
}

export async function withdrawNotice(client: Client, body: string, incident: string, notice: string): Promise<void> {
  const { rowCount } = await client.query(
    "UPDATE public_notice SET withdrawn_at = now() WHERE notice = $3 AND body = $1 AND incident = $2 AND withdrawn_at IS NULL",
    [body, incident, notice],
  );
  if (rowCount !== 1) throw new Fault("INCIDENT_RULE");
}

export type NoticeRow = {
  readonly notice: string;
  readonly body: string;
  readonly entry: Buffer;
  readonly signature: Buffer;
  readonly person: string;
  readonly by_salt: Buffer;
  readonly texts: Texts;
  readonly salt: Buffer;
};

/** The notices that bodies have published and not withdrawn. Untrusted until verified from the body's statements. */
export async function noticesOf(db: Db, body?: string): Promise<NoticeRow[]> {
  return (
    await db.query<NoticeRow>(
      "SELECT notice, body, entry, signature, person, by_salt, texts, salt FROM public_notice WHERE withdrawn_at IS NULL AND ($1::text IS NULL OR body = $1) ORDER BY event",
      [body ?? null],
    )
  ).rows;
}

/** How the messages of an incident stand, by channel and state. */
export async function messageCounts(
  db: Db,
  body: string,
  incident: string,
): Promise<{ channel: string; state: string; count: number }[]> {
  return (
    await db.query<{ channel: string; state: string; count: number }>(
      "SELECT channel, state, count(*) AS count FROM delivery WHERE body = $1 AND incident = $2 GROUP BY channel, state ORDER BY channel, state",
      [body, incident],
    )
  ).rows;
}
