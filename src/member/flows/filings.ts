/**
 * Report, what followed, notice and pack of an incident, as the screens need them: read, checked against the acts, and
 * recorded by an act signed in the worker.
 */
import { fromUtf8, sha256, toHex, toUtf8, type Bytes } from "../../domain/bytes.ts";
import { canonicalBytes, parseJson } from "../../domain/canonical.ts";
import type { DataCategory } from "../../domain/form/category.ts";
import { formOf } from "../../domain/form/form.ts";
import type { Texts } from "../../domain/incident/act.ts";
import { isItemKind, type Followed } from "../../domain/incident/follow-up.ts";
import { checkPack, type PackReport } from "../../domain/incident/pack-check.ts";
import { entryCount, parseContent, parsePack } from "../../domain/incident/pack.ts";
import type { Phase } from "../../domain/incident/report-choices.ts";
import { nextPhase, nextReport, standingReport, type Around } from "../../domain/incident/report-known.ts";
import { encodeReport, typedAnswer, type Answers, type Report } from "../../domain/incident/report.ts";
import { reportCommitment, versionOf } from "../../domain/incident/reported.ts";
import type { IncidentState } from "../../domain/incident/state.ts";
import { parseVerifierKey } from "../../domain/log/note-key.ts";
import { leafHash } from "../../domain/log/tree.ts";
import { newSalt } from "../../domain/person/details.ts";
import { Fault } from "../../domain/problem.ts";
import { zoneOf } from "../../domain/time.ts";
import { auditLog } from "./audit.ts";
import type { Incident } from "./incidents.ts";
import type { Member } from "../member.ts";

/** A version as kept; null where it does not fit what was signed and logged. */
export type Version = { readonly version: number; readonly report: Report | null };

export type Filings = {
  readonly around: Around;
  readonly typed: Answers;
  readonly notice: { readonly title: string; readonly text: string };
  readonly versions: readonly Version[];
};

/** Everything that was written about an incident beside its acts. */
export async function loadFilings(member: Member, incident: Incident): Promise<Filings> {
  const { state } = incident;
  const { answers, versions, messages, record } = await member.api.filings(state.body, state.incident);
  const draft = (field: string): string => {
    const value = answers.find((one) => one.field === field)?.value as { readonly words?: unknown } | undefined;
    return typeof value?.words === "string" ? value.words : "";
  };
  return {
    around: {
      zone: zoneOf(member.setup.zones, state.body),
      categories: await categoriesOf(member, incident),
      messages,
      record,
    },
    typed: typedIn(answers),
    notice: { title: draft("notice-title"), text: draft("notice-text") },
    versions: state.reports.map((said) => {
      const kept = versions.find(({ version }) => version === said.version);
      return {
        version: said.version,
        report: kept
          ? versionOf({ ...said, incident: state.incident, body: state.body }, toUtf8(kept.content), kept.salt)
          : null,
      };
    }),
  };
}

/** Typed answers as answers; one that no longer fits its question is none. */
export function typedIn(answers: readonly { readonly field: string; readonly value: unknown }[]): Answers {
  return Object.fromEntries(
    answers.flatMap(({ field, value }) => {
      try {
        return [[field, typedAnswer(field, value).answer]];
      } catch {
        return [];
      }
    }),
  ) as Answers;
}

/** How many answers the next report lacks, for a line that stands on every page. */
export async function lackingAnswers(member: Member, state: IncidentState): Promise<number> {
  const { answers, messages, record } = await member.api.filings(state.body, state.incident);
  // Only counted here: of a form of ours it is known what it asks for, whatever that is.
  const categories: readonly DataCategory[] = isElsewhere(state) ? [] : ["other"];
  const around = { zone: zoneOf(member.setup.zones, state.body), categories, messages, record };
  return standingReport(state, around, typedIn(answers), Date.now())?.missing[nextPhase(state)].length ?? 0;
}

const isElsewhere = ({ opened }: IncidentState): boolean => opened.what === "elsewhere" || opened.what === "other";

/**
 * What the questions of the forms ask for: of the form whose grant it was, or of all, because any may be concerned; of
 * another system nothing is known.
 */
async function categoriesOf(member: Member, { state, world }: Incident): Promise<readonly DataCategory[]> {
  const { opened, body } = state;
  if (isElsewhere(state)) return [];
  const inbox =
    opened.source === "grant" && opened.sourceId !== null ? world.state.grants.get(opened.sourceId)?.inbox : undefined;
  const forms = [...world.state.forms.values()].filter((form) => inbox === undefined || form.inbox === inbox);
  const found = await Promise.all(
    forms.map(async ({ formHash }) =>
      formOf(parseJson(await member.api.form(body, toHex(formHash)))).questions.map(({ category }) => category),
    ),
  );
  return [...new Set(found.flat())];
}

/** Makes the next version of the report. @throws `REPORT_INCOMPLETE`, `INCIDENT_MOVED` */
export async function makeVersion(
  member: Member,
  { state, head }: Incident,
  { around, typed }: Pick<Filings, "around" | "typed">,
  phase: Phase,
): Promise<number> {
  const report = nextReport(state, around, typed, phase, Date.now());
  const [content, salt] = [encodeReport(report), newSalt()];
  const act = await member.hands.call("signAct", {
    head,
    fields: { kind: "incident.reported", version: report.version, phase, report: reportCommitment(salt, content) },
    texts: {},
  });
  await member.api.makeVersion(state.body, state.incident, { act, content: fromUtf8(content), salt });
  return report.version;
}

/** Records an item of what followed, or its next revision. */
export async function followUp(
  member: Member,
  { state, head }: Incident,
  { due, done, code, ...item }: Followed,
  texts: Texts,
): Promise<void> {
  const given = Object.fromEntries(
    Object.entries(texts)
      .map(([field, text]) => [field, text.trim()])
      .filter(([, text]) => text !== ""),
  );
  const fields = {
    kind: "incident.followed" as const,
    ...item,
    ...(due !== null && { due }),
    ...(done !== null && { done }),
    ...(code !== null && { code }),
  };
  await member.api.followUp(
    state.body,
    state.incident,
    await member.hands.call("signAct", { head, fields, texts: given }),
  );
}

/** Publishes a notice, or withdraws it where there are no texts. */
export async function notice(
  member: Member,
  { state, head }: Incident,
  id: string,
  texts: Texts | null,
): Promise<void> {
  await member.api.notice(
    state.body,
    state.incident,
    await member.hands.call("signAct", {
      head,
      fields: { kind: "incident.notice", notice: id, state: texts === null ? "withdrawn" : "published" },
      texts: texts ?? {},
    }),
  );
}

export type CheckedPack = { readonly file: Bytes; readonly report: PackReport };

/** Puts a pack together, looks at what it holds, signs that, and fetches the file. @returns the pack's id */
export async function makePack(member: Member, { state, head }: Incident): Promise<string> {
  const { pack, content } = await member.api.preparePack(state.body, state.incident);
  const bytes = toUtf8(content);
  const read = parseContent(bytes);
  // What is signed is looked at first: these are the acts of this incident, to the last.
  const last = read.acts.at(-1);
  if (
    read.incident !== state.incident ||
    read.acts.length !== head.seq ||
    !last ||
    toHex(leafHash(last.entry)) !== head.prev
  )
    throw new Fault("INCIDENT_MOVED");
  const act = await member.hands.call("signAct", {
    head,
    fields: { kind: "incident.packed", pack, content: toHex(sha256(bytes)), count: entryCount(read) },
    texts: {},
  });
  await member.api.makePack(state.body, state.incident, act);
  return pack;
}

/** The file of a pack, checked here as anybody else can check it. @throws `LOG_NOT_SIGNED` */
export async function fetchPack(member: Member, { state }: Incident, pack: string): Promise<CheckedPack> {
  const file = canonicalBytes(await member.api.packFile(state.body, state.incident, pack));
  const root = member.setup.roots.get(state.body);
  const read = parsePack(file);
  await auditLog(member, state.body);
  // A pack from before the log got another key is under the key that the log had then.
  const key = await member.hands.call("keyUnder", { whose: state.body, proof: read.proofs.packed });
  return { file, report: checkPack(read, parseVerifierKey(key), root ?? null) };
}

/** The kind in an address. */
export const kindIn = (text: string | undefined) => (isItemKind(text) ? text : undefined);
