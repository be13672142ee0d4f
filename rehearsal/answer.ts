/**
 * Answering an incident, as an owner and the data protection officer do it: how bad, whom to tell, the letters, the
 * report, what follows, the pack.
 */
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { act, evidencePack, followUp, incident, makeVersion, reportStands, sendLetters } from "../demo/by-id.ts";
import type { Desk } from "../src/cli/desk/desk.ts";
import type { AffectedPerson } from "../src/domain/affected/person.ts";
import { firstTemplate, type MessageTemplate } from "../src/domain/mail/template.ts";
import type { NeverAsked } from "../src/domain/mail/channel.ts";
import { assessedFields, type Chosen } from "../src/domain/incident/severity.ts";
import type { ItemKind } from "../src/domain/incident/follow-up.ts";
import { fieldOf } from "../src/domain/incident/report-fields.ts";
import { newId } from "../src/domain/seal/random.ts";
import { notePosted } from "../src/member/flows/messages.ts";
import { BODY, until, type Place } from "./place.ts";
import { pillarbox } from "./site-watch.ts";

/** Who answers an incident, and which. */
export type Team = { readonly place: Place; readonly owner: Desk; readonly officer: Desk; readonly incident: string };

const DAY = 86_400_000;

export async function assessAndDecide(
  { owner, officer, incident: one }: Team,
  chosen: Chosen,
  why: { readonly regulator: string; readonly people: string },
): Promise<void> {
  await act(
    officer,
    one,
    { kind: "incident.assessed", ...assessedFields(chosen) },
    { why: "Weighed factor by factor, with the rule beside each." },
  );
  await act(
    owner,
    one,
    { kind: "incident.decided", about: "regulator", choice: "yes", reason: "risk-possible" },
    { why: why.regulator },
  );
  await act(
    owner,
    one,
    { kind: "incident.decided", about: "people", choice: "yes", reason: "high-risk" },
    { why: why.people },
  );
}

/** The letter that an owner would write: every part that the law asks for, nothing left in brackets. */
export const letterAbout = (nature: string, measures: string): MessageTemplate => ({
  ...firstTemplate("Harrowmere Office for Policing and Justice"),
  parts: {
    nature,
    consequences:
      "Somebody could have read what you wrote to us, with your name and how to reach you. We have found no sign that anybody did, as far as the records go.",
    measures,
    advice:
      "Be careful with messages that mention your complaint. If you are worried about your safety, ring us and we will talk it through.",
    contact:
      "Nerys Probert, data protection officer, 01632 960100. You may also complain to the regulator, free of charge.",
  },
  signature: "Imogen Farrar\nHarrowmere Office for Policing and Justice",
});

export type Told = { readonly byMail: number; readonly byPost: number; readonly byPerson: number };

/**
 * Everybody is told once, each by a way that is safe; those whom no letter may reach are left to a person, and counted.
 */
export async function tellEverybody(
  { place, owner, incident: one }: Team,
  people: readonly AffectedPerson[],
  template: MessageTemplate,
  neverAsked: NeverAsked,
): Promise<Told> {
  const { ways } = await sendLetters(owner, BODY, one, people, { template, neverAsked });
  const posted = ways
    .filter(({ way }) => way.by === "post")
    .map(({ person }) => ({ delivery: newId(), person: person.person }));
  if (posted.length > 0) await notePosted(owner, { body: BODY, incident: one }, posted);
  await until(
    "every letter has an end",
    async () =>
      (await owner.api.messages(BODY, one)).deliveries.every(
        ({ state }) => state !== "handed-in" && state !== "intended",
      ),
    240_000,
  );
  const mailed = ways.flatMap(({ way }) => (way.by === "email" ? [way.to] : []));
  // What the server says was sent is not believed here: each mailbox is looked into.
  const arrived = mailed.filter((address) =>
    place.mailboxes.of(address).some(({ text }) => text.includes(template.parts.nature.slice(0, 40))),
  ).length;
  return { byMail: arrived, byPost: posted.length, byPerson: ways.length - mailed.length - posted.length };
}

/** What the officer types: only what the incident cannot know by itself. */
export async function typeReport(
  { officer, incident: one }: Team,
  words: Readonly<Record<string, string>>,
  codes: Readonly<Record<string, string>>,
  people: number,
): Promise<void> {
  const type = (field: string, value: object): Promise<unknown> => officer.api.typeAnswer(BODY, one, field, value);
  for (const [field, text] of Object.entries(words)) await type(field, { kind: "words", words: text });
  for (const [field, code] of Object.entries(codes))
    await type(
      field,
      fieldOf(field)!.kind === "choices" ? { kind: "choices", codes: code.split(" ") } : { kind: "choice", code },
    );
  for (const field of ["people", "records"]) await type(field, { kind: "count", count: people, how: "exact" });
}

/** A version, and the note that it was sent. @returns how many fields it lacked */
export async function report(
  { officer, incident: one }: Team,
  phase: "initial" | "follow-up" | "final",
): Promise<number> {
  const made = await makeVersion(officer, one, phase);
  await followUp(
    officer,
    one,
    { what: "report-sent", item: newId(), revision: 1, on: Date.now(), due: null, done: null, code: null },
    {
      version: String(made.version),
      reference: "IC-000001-REHEARSAL",
      how: "typed into the regulator’s form, field by field",
    },
  );
  return made.missing.length;
}

export const lacking = async ({ officer, incident: one }: Team): Promise<readonly string[]> =>
  (await reportStands(officer, one))?.missing.final ?? ["nobody is aware"];

/** Asked, and answered. */
export async function followed(
  { officer, incident: one }: Team,
  what: ItemKind,
  texts: Readonly<Record<string, string>>,
  end: Readonly<Record<string, string>> = {},
  code: string | null = null,
): Promise<void> {
  const item = newId();
  const [on, due] = [Date.now(), Date.now() + 7 * DAY];
  const has = what !== "outcome" && what !== "report-sent";
  await followUp(officer, one, { what, item, revision: 1, on, due: has ? due : null, done: null, code }, texts);
  if (has)
    await followUp(officer, one, { what, item, revision: 2, on, due, done: Date.now(), code }, { ...texts, ...end });
}

/** The pack, and whether the published verifier, offline, holds it for sound. */
export async function packIsSound({ place, owner, incident: one }: Team, directory: string): Promise<boolean> {
  const file = join(directory, `${randomUUID()}.json`);
  writeFileSync(file, (await evidencePack(owner, one)).file);
  const { config } = place.world;
  const root = `${BODY}=${config.roots[BODY]!}`;
  return (await pillarbox("verify-pack", file, "--log-key", config.logKey, "--root", root)).code === 0;
}

export const stageOf = async ({ owner, incident: one }: Team): Promise<string> =>
  (await incident(owner, one)).state.stage;
export const move = ({ owner, incident: one }: Team, from: string, to: string): Promise<void> =>
  act(owner, one, { kind: "incident.moved", from, to }, { why: "As the record shows." });
