/**
 * A public body's record: what every public page of its forms must be able to say (UK GDPR Art. 13; accessibility
 * regulations).
 */
import { Fault } from "../problem.ts";
import { isZone, LONDON, type Zone, type Zones } from "../time.ts";
import { addressOf } from "./email.ts";
import {
  place,
  readList,
  readObject,
  readSlug,
  readText,
  readTexts,
  readUrl,
  type JsonObject,
  type Problem,
  type Report,
} from "./read.ts";

export type Contact = {
  readonly email: string;
  readonly telephone: string;
  readonly address: readonly string[];
  readonly hours: string;
};

export type Privacy = {
  readonly controller: readonly string[];
  readonly dpo: { readonly name: string; readonly email: string; readonly address: string };
  readonly purposes: readonly string[];
  readonly lawfulBasis: readonly string[];
  readonly recipients: readonly string[];
  readonly transfers: string;
  readonly retention: readonly string[];
  readonly rights: readonly string[];
  readonly regulator: { readonly name: string; readonly url: string; readonly text: string };
  readonly obligation: string;
  readonly automated: string;
  readonly updated: string;
};

export type Accessibility = {
  readonly standard: string;
  readonly works: readonly string[];
  readonly gaps: readonly string[];
  readonly feedback: string;
  readonly enforcement: string;
  readonly tested: string;
};

export type Body = {
  readonly id: string;
  readonly name: string;
  /** Who runs the website; it can never read what is sent. */
  readonly host: string;
  /** The form by which anybody tells the data protection officer of a problem with its data; linked on every page. */
  readonly dataProblem?: string;
  /**
   * Where its clock hangs, if not in London: what the configuration is made from, and shown by
   * (docs/decisions/0056-times-are-those-of-the-body.md).
   */
  readonly timeZone?: Zone;
  readonly contact?: Contact;
  readonly privacy?: Privacy;
  readonly accessibility?: Accessibility;
};

/** A body whose pages are all there: only such a body can open a form. */
export type CompleteBody = Body & {
  readonly contact: Contact;
  readonly privacy: Privacy;
  readonly accessibility: Accessibility;
};

/** A body's record from JSON, or every problem at once. A page may be lacking; `bodyComplete` says which. */
export function parseBody(value: unknown): { ok: true; body: Body } | { ok: false; problems: Problem[] } {
  const problems: Problem[] = [];
  const report: Report = (where, text) => problems.push({ where, text });
  const object = readObject(
    value,
    "",
    report,
    ["id", "name", "host"],
    ["dataProblem", "timeZone", "contact", "privacy", "accessibility"],
  );
  readSlug(object, "id", "", report);
  if (Object.hasOwn(object, "dataProblem")) readSlug(object, "dataProblem", "", report);
  if (Object.hasOwn(object, "timeZone")) {
    const zone = readText(object, "timeZone", "", report, 60);
    if (zone && !isZone(zone))
      report("timeZone", "This must be the name of a time zone, such as Europe/London or Atlantic/Reykjavik.");
  }
  readText(object, "name", "", report, 120);
  readText(object, "host", "", report, 120);
  if (Object.hasOwn(object, "contact")) readContact(object["contact"], report);
  if (Object.hasOwn(object, "privacy")) readPrivacy(object["privacy"], report);
  if (Object.hasOwn(object, "accessibility")) readAccessibility(object["accessibility"], report);
  return problems.length === 0 ? { ok: true, body: object as unknown as Body } : { ok: false, problems };
}

/** Where the clock of a body hangs whose record is shown. */
export const zoneOfBody = ({ timeZone }: Pick<Body, "timeZone">): Zone => timeZone ?? LONDON;

/** A stored record with the clock that the configuration says: a row moves nobody's clock. */
export function withClock<B extends Body>({ timeZone: _, ...body }: B, zones: Zones): B {
  const timeZone = zones.get(body.id);
  return (timeZone === undefined ? body : { ...body, timeZone }) as B;
}

/** A record that was accepted before; `BODY_INCOMPLETE` for anything else, and where a page is lacking. */
export function completeBodyOf(value: unknown): CompleteBody {
  const result = parseBody(value);
  if (!result.ok) throw new Fault("BODY_INCOMPLETE", result.problems[0]?.where ?? "");
  if (!bodyComplete(result.body)) throw new Fault("BODY_INCOMPLETE", bodyLacks(result.body).join(", "));
  return result.body;
}

/** The pages that the law asks for and the record lacks, in words. */
export function bodyLacks(body: Body): readonly string[] {
  const pages = {
    contact: "contact details",
    privacy: "privacy notice",
    accessibility: "accessibility statement",
  } as const;
  return (Object.keys(pages) as (keyof typeof pages)[])
    .filter((page) => body[page] === undefined)
    .map((page) => pages[page]);
}

export const bodyComplete = (body: Body): body is CompleteBody => bodyLacks(body).length === 0;

function readContact(value: unknown, report: Report): void {
  const contact = readObject(value, "contact", report, ["email", "telephone", "address", "hours"]);
  readEmail(contact, "email", "contact", report);
  readText(contact, "telephone", "contact", report, 60);
  readTexts(contact, "address", "contact", report);
  readText(contact, "hours", "contact", report, 200);
}

function readPrivacy(value: unknown, report: Report): void {
  const at = "privacy";
  const lists = ["controller", "purposes", "lawfulBasis", "recipients", "retention", "rights"];
  const privacy = readObject(value, at, report, [
    ...lists,
    "dpo",
    "transfers",
    "regulator",
    "obligation",
    "automated",
    "updated",
  ]);
  for (const key of lists) readTexts(privacy, key, at, report);
  for (const key of ["transfers", "obligation", "automated", "updated"]) readText(privacy, key, at, report);
  if (Object.hasOwn(privacy, "dpo")) {
    const dpo = readObject(privacy["dpo"], place(at, "dpo"), report, ["name", "email", "address"]);
    readText(dpo, "name", place(at, "dpo"), report, 120);
    readEmail(dpo, "email", place(at, "dpo"), report);
    readText(dpo, "address", place(at, "dpo"), report);
  }
  if (Object.hasOwn(privacy, "regulator")) {
    const regulator = readObject(privacy["regulator"], place(at, "regulator"), report, ["name", "url", "text"]);
    readText(regulator, "name", place(at, "regulator"), report, 120);
    readUrl(regulator, "url", place(at, "regulator"), report);
    readText(regulator, "text", place(at, "regulator"), report);
  }
}

function readAccessibility(value: unknown, report: Report): void {
  const at = "accessibility";
  const page = readObject(value, at, report, ["standard", "works", "gaps", "feedback", "enforcement", "tested"]);
  readTexts(page, "works", at, report);
  readList(page, "gaps", at, report, "empty").forEach((_, index, gaps) =>
    readText({ gap: gaps[index] }, "gap", place(at, "gaps"), report),
  );
  for (const key of ["standard", "feedback", "enforcement", "tested"]) readText(page, key, at, report);
}

function readEmail(object: JsonObject, key: string, where: string, report: Report): void {
  const value = readText(object, key, where, report, 254);
  if (value && addressOf(value) !== value) report(place(where, key), "This must be an email address.");
}
