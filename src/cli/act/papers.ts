/** Papers of an incident at a desk: answers and versions of the report, what followed, a notice, an evidence pack. */
import { fromUtf8, sha256, toHex, toUtf8 } from "../../domain/bytes.ts";
import type { Texts } from "../../domain/incident/act.ts";
import { canonicalBytes } from "../../domain/canonical.ts";
import { entryCount, parseContent } from "../../domain/incident/pack.ts";
import { nextReport, standingReport, type Around, type Standing } from "../../domain/incident/report-known.ts";
import { reportCommitment } from "../../domain/incident/reported.ts";
import { encodeReport, typedAnswer, type Answers, type Report } from "../../domain/incident/report.ts";
import type { Phase } from "../../domain/incident/report-choices.ts";
import type { Followed } from "../../domain/incident/follow-up.ts";
import { leafHash } from "../../domain/log/tree.ts";
import { newSalt } from "../../domain/person/details.ts";
import { Fault } from "../../domain/problem.ts";
import { anything, list, maybe, record, text, whole } from "../shape.ts";
import { incident, signed } from "./incident.ts";
import type { Visit } from "./visit.ts";

const at = (body: string, one: string): string => `/api/bodies/${encodeURIComponent(body)}/incidents/${one}`;

const papers = record({
  answers: list(record({ field: text, value: anything })),
  versions: list(record({ version: whole, content: text, salt: text })),
  letters: list(record({ channel: text, state: text, count: whole })),
  record: record({ regulator: maybe(text), controller: maybe(text), dpo: maybe(text), processor: maybe(text) }),
});

export type Drafted = {
  readonly around: Around;
  readonly typed: Answers;
  readonly versions: readonly { readonly version: number; readonly content: string }[];
};

/** What was typed so far, and what is known beside the acts. */
export async function draft(visit: Visit, body: string, one: string): Promise<Drafted> {
  const { value } = await visit.client.get(`${at(body, one)}/report`);
  const { answers, versions, letters, record: kept } = papers(value);
  const typed = Object.fromEntries(
    answers.flatMap(({ field, value: answer }) =>
      field.startsWith("notice-") ? [] : [[field, typedAnswer(field, answer).answer]],
    ),
  ) as Answers;
  return { around: { categories: [], letters, record: kept }, typed, versions };
}

export const typeAnswer = (visit: Visit, body: string, one: string, field: string, value: unknown): Promise<unknown> =>
  visit.client.post(`${at(body, one)}/report/answers`, { field, value });

/** How the report stands. */
export async function reportStands(visit: Visit, body: string, one: string): Promise<Standing | null> {
  const [{ state }, { around, typed }] = [await incident(visit, body, one), await draft(visit, body, one)];
  return standingReport(state, around, typed, Date.now());
}

/** Makes the next version. @throws `REPORT_INCOMPLETE` */
export async function makeVersion(visit: Visit, body: string, one: string, phase: Phase): Promise<Report> {
  const [{ state, head }, { around, typed }] = [await incident(visit, body, one), await draft(visit, body, one)];
  const report = nextReport(state, around, typed, phase, Date.now());
  const [content, salt] = [encodeReport(report), newSalt()];
  const act = signed(
    visit,
    head,
    { kind: "incident.reported", version: report.version, phase, report: reportCommitment(salt, content) },
    {},
  );
  await visit.client.post(`${at(body, one)}/report/versions`, { act, content: fromUtf8(content), salt });
  return report;
}

/** Records an item of what followed, or its next revision. */
export async function followUp(
  visit: Visit,
  body: string,
  one: string,
  { due, done, code, ...item }: Followed,
  texts: Texts,
): Promise<void> {
  const { head } = await incident(visit, body, one);
  const fields = {
    kind: "incident.followed" as const,
    ...item,
    ...(due !== null && { due }),
    ...(done !== null && { done }),
    ...(code !== null && { code }),
  };
  await visit.client.post(`${at(body, one)}/follow-up`, signed(visit, head, fields, texts));
}

export async function publishNotice(
  visit: Visit,
  body: string,
  one: string,
  notice: string,
  texts: Texts | null,
): Promise<void> {
  const { head } = await incident(visit, body, one);
  await visit.client.post(
    `${at(body, one)}/notices`,
    signed(
      visit,
      head,
      { kind: "incident.notice", notice, state: texts === null ? "withdrawn" : "published" },
      texts ?? {},
    ),
  );
}

const prepared = record({ pack: text, content: text });
const TURNS = 40;

/** Makes an evidence pack and fetches it. @throws `INCIDENT_MOVED`, `LOG_NOT_SIGNED` */
export async function evidencePack(visit: Visit, body: string, one: string): Promise<Uint8Array> {
  const { head } = await incident(visit, body, one);
  const { pack, content } = prepared((await visit.client.post(`${at(body, one)}/packs/prepare`, {})).value);
  const bytes = toUtf8(content);
  const read = parseContent(bytes);
  // What is signed is looked at first: the acts are those of this incident, to the last.
  const last = read.acts.at(-1);
  if (read.incident !== one || read.acts.length !== head.seq || !last || toHex(leafHash(last.entry)) !== head.prev)
    throw new Fault("INCIDENT_MOVED");
  await visit.client.post(
    `${at(body, one)}/packs`,
    signed(visit, head, { kind: "incident.packed", pack, content: toHex(sha256(bytes)), count: entryCount(read) }, {}),
  );
  for (let turn = 0; turn < TURNS; turn++) {
    const { status, value } = await visit.client.get(`${at(body, one)}/packs/${pack}`);
    if (status === 200) return canonicalBytes(value);
    await new Promise((later) => setTimeout(later, 100));
  }
  throw new Fault("LOG_NOT_SIGNED");
}
