/** DANGEROUS: sealed → answers, in the order that may not change: proof, seal, context, form. Worker only. */
import { sha256, toHex } from "../../domain/bytes.ts";
import { parseJson } from "../../domain/canonical.ts";
import { ADDITION_HASH, additionForm } from "../../domain/form/addition.ts";
import { formHash, formOf, type Form } from "../../domain/form/form.ts";
import { linesOf, rowsOf, rowsOfSlip } from "../../domain/form/display.ts";
import { answerTo } from "../../domain/form/fields.ts";
import { checkOpened, checkOpenedSlip } from "../../domain/form/opened.ts";
import { isMarker, takeMarker } from "../../domain/watch/marker.ts";
import type { FormState } from "../../domain/grant/state.ts";
import { parseEntry, type ReleasePurpose } from "../../domain/log/event.ts";
import { parseVerifierKey } from "../../domain/log/note-key.ts";
import { parseProof, verifyProof } from "../../domain/log/proof.ts";
import { verifyRelease } from "../../domain/log/release-proof.ts";
import { codeOf, Fault } from "../../domain/problem.ts";
import { openLetter, openSlip } from "../../domain/seal/open.ts";
import { referenceOf } from "../../domain/seal/reference.ts";
import type { AsReceived, Letter, Reached, ReleaseBytes, SlipColumn, SlipRow, Slips } from "./tasks.ts";
import { bodyIn, keysIn, type Hand, type Report, type Vault } from "./vault.ts";
import { checkpointOf } from "./log.ts";
import type { Item } from "../../contract/reading.ts";

/** Often enough to be seen, seldom enough not to slow the opening. */
const TELL_EVERY = 10;

/** Nothing is opened before this: the very reading is in the log, under its signature. @throws `PROOF_INVALID` */
export function demandProof(vault: Vault, ask: ReleaseBytes, purpose: ReleasePurpose): number {
  const { release, proof, entry, personSalt, idsSalt, body, inbox } = ask;
  const { person } = keysIn(vault);
  const role = bodyIn(vault, body).state.persons.get(person)?.role;
  if (!role) throw new Fault("PERSON_UNCONFIRMED");
  const ids = ask.items.map((item) => item.submission);
  // The proof's own checkpoint must be one of the log that this browser has watched: a fork made for one reading ends
  // here (T8).
  const logKey = vault.proven.get(checkpointOf(proof));
  if (logKey === undefined)
    throw new Fault(
      "LOG_REFUSED",
      "the checkpoint over this reading was not shown to be of the log that this browser has seen",
    );
  const verdict = verifyRelease({
    proof,
    entry,
    personSalt,
    idsSalt,
    ids,
    person,
    role,
    purpose,
    body,
    inbox,
    release,
    logKey,
  });
  if (!verdict.ok) throw new Fault(verdict.code);
  return parseProof(proof).index;
}

/** The form of an inbox, as an owner signed it. */
export function formState(vault: Vault, ask: ReleaseBytes): FormState {
  const found = [...bodyIn(vault, ask.body).state.forms.values()].find((form) => form.inbox === ask.inbox);
  if (!found) throw new Fault("FORM_UNKNOWN", "no signed statement names a form of this inbox");
  return found;
}

/** A form version that an owner published; the text came from the server, so its hash is compared. */
export function version(published: FormState, ask: ReleaseBytes, { formHash: hash, first }: Item): Form {
  // What is added is under the program's own form, and only what is added is.
  if (first !== null && hash === ADDITION_HASH) return additionForm;
  if (!published.versions.has(hash)) throw new Fault("OPEN_CONTEXT", "a form version that no owner published");
  const text = ask.forms.get(hash);
  if (text === undefined) throw new Fault("FORM_UNKNOWN", "the version did not come");
  const form = formOf(parseJson(text));
  if (formHash(form) !== hash) throw new Fault("PROOF_INVALID", "another form came under this hash");
  return form;
}

export function keyFor(vault: Vault, ask: ReleaseBytes, item: Item): string {
  const key = vault.inboxKeys.get(ask.inbox)?.get(item.epoch);
  if (!key) throw new Fault("REFUSED_EPOCH", "no key of this epoch");
  return key.identity;
}

export const contextOf = (ask: ReleaseBytes, form: string, { formHash: hash, epoch, submission, first }: Item) => ({
  form,
  formHash: hash,
  inbox: ask.inbox,
  epoch,
  submission,
  first,
});
const rowOf = ({ submission, epoch, formHash: hash, receivedAt, path, first }: Item) => ({
  submission,
  epoch,
  formHash: hash,
  receivedAt,
  path,
  first,
  reference: referenceOf(submission),
});

/**
 * Takes the flag of a marker out of what was opened. It is one only where the monitor's own signature says so too:
 * nobody else can hide a letter as a marker, and the host cannot without the seal.
 */
export function unmarked(
  { planted, inbox }: ReleaseBytes,
  { submission, epoch }: Item,
  opened: unknown,
): { readonly content: unknown; readonly marker: boolean } {
  const { flagged, content } = takeMarker(opened);
  const told = flagged
    ? planted.markers.find((one) => one.submission === submission && one.inbox === inbox && one.epoch === epoch)
    : undefined;
  return { content, marker: told !== undefined && isMarker(planted.monitorKey, planted.installation, told) };
}

async function openSlips(vault: Vault, ask: ReleaseBytes, tell: Report): Promise<Slips> {
  const entry = demandProof(vault, ask, "list");
  const published = formState(vault, ask);
  const forms = new Map<string, Form>();
  const rows: SlipRow[] = [];
  for (const item of ask.items) {
    rows.push(await openOne(item));
    if (rows.length % TELL_EVERY === 0 || rows.length === ask.items.length) tell(rows.length, ask.items.length);
  }
  return {
    entry,
    rows,
    columns: columnsOf(published, forms),
    versions: new Map(
      [...forms.keys()]
        .filter((hash) => hash !== ADDITION_HASH)
        .map((hash) => [hash, published.versions.get(hash) ?? 0]),
    ),
  };

  // One letter that does not open must not hide the others; it is shown as what it is.
  async function openOne(item: Item): Promise<SlipRow> {
    try {
      const form = forms.get(item.formHash) ?? version(published, ask, item);
      forms.set(item.formHash, form);
      const { content, marker } = unmarked(
        ask,
        item,
        await openSlip(keyFor(vault, ask, item), item.bytes, contextOf(ask, published.form, item)),
      );
      const slip = checkOpenedSlip(form, content);
      const cells = Object.fromEntries(rowsOfSlip(form, slip).map((row) => [row.question, row.lines.join(", ")]));
      return { ...rowOf(item), code: null, marker, cells };
    } catch (thrown) {
      return { ...rowOf(item), code: codeOf(thrown), marker: false, cells: {} };
    }
  }
}

/** The slip questions of the newest version in its order, then those that only older versions had. */
function columnsOf(published: FormState, forms: ReadonlyMap<string, Form>): SlipColumn[] {
  const age = (hash: string): number => published.versions.get(hash) ?? 0;
  const titles = new Map<string, string>();
  for (const [, form] of [...forms].sort(([a], [b]) => age(b) - age(a))) {
    for (const { slip, id, title } of form.questions) if (slip && !titles.has(id)) titles.set(id, title);
  }
  return [...titles].map(([id, title]) => ({ id, title }));
}

async function openOneLetter(vault: Vault, ask: ReleaseBytes & { readonly submission: string }): Promise<Letter> {
  const entry = demandProof(vault, ask, "open");
  const [item, ...others] = ask.items;
  if (!item || others.length > 0 || item.submission !== ask.submission)
    throw new Fault("OPEN_CONTEXT", "not the letter that was asked for");
  const published = formState(vault, ask);
  const form = version(published, ask, item);
  const opened = await openLetter(keyFor(vault, ask, item), item.bytes, contextOf(ask, published.form, item));
  const { content, marker } = unmarked(ask, item, opened.answers);
  const answers = checkOpened(form, content);
  const reach = form.questions.flatMap((question): Reached[] => {
    const answer = question.reach === undefined ? undefined : answerTo(answers, question.id);
    return question.reach === undefined || answer === undefined
      ? []
      : [{ part: question.reach, lines: linesOf(question, answer) }];
  });
  return {
    ...rowOf(item),
    entry,
    marker,
    title: form.title,
    version: published.versions.get(item.formHash) ?? 0,
    rows: rowsOf(form, answers),
    reach,
    added: ask.added.map((one) => ({ ...one, reference: referenceOf(one.submission) })),
    asReceived: compared(vault, ask, item, opened.commitment),
  };
}

/**
 * Whoever can write rows could seal a letter of their own under this number. The log says which bytes and which answers
 * were received.
 */
function compared(vault: Vault, { received, inbox }: ReleaseBytes, item: Item, commitment: string): AsReceived {
  const logKey = received && vault.proven.get(checkpointOf(received.proof));
  if (received === null || !logKey) return { at: "unproven" };
  try {
    const { index } = verifyProof(received.proof, received.entry, parseVerifierKey(logKey));
    const entry = parseEntry(received.entry);
    const same =
      entry.kind === "submission.received" &&
      entry.submission === item.submission &&
      entry.inbox === inbox &&
      entry.epoch === item.epoch &&
      entry.formHash === item.formHash &&
      (entry.first ?? null) === item.first &&
      entry.path === item.path &&
      entry.letter === toHex(sha256(item.bytes)) &&
      entry.commitment === commitment;
    return same ? { at: "same", leaf: index } : { at: "differs" };
  } catch (thrown) {
    if (thrown instanceof Fault) return { at: "unproven" };
    throw thrown;
  }
}

export const openingOf = (vault: Vault): { [N in "openSlips" | "openLetter"]: Hand<N> } => ({
  openSlips: (ask, tell) => openSlips(vault, ask, tell),
  openLetter: (ask) => openOneLetter(vault, ask),
});
