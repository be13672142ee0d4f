/** DANGEROUS: sealed → answers, in the order that may not change: proof, seal, context, form. Worker only. */
import type { Bytes } from "../../domain/bytes.ts";
import { parseJson } from "../../domain/canonical.ts";
import { ADDITION_HASH, additionForm } from "../../domain/form/addition.ts";
import { timesOf } from "../../domain/case/due.ts";
import { formHash, formOf, type Form } from "../../domain/form/form.ts";
import { linesOf, rowsOf, rowsOfSlip } from "../../domain/form/display.ts";
import { answerTo } from "../../domain/form/fields.ts";
import { checkOpened, checkOpenedSlip } from "../../domain/form/opened.ts";
import { isMarker, takeMarker } from "../../domain/watch/marker.ts";
import type { FormState } from "../../domain/grant/state.ts";
import { parseEntry, type ReleasePurpose } from "../../domain/log/event.ts";
import { parseVerifierKey } from "../../domain/log/note-key.ts";
import { parseProof, verifyProof } from "../../domain/log/proof.ts";
import { isReceived, listedIn } from "../../domain/incident/as-received.ts";
import type { LoggedLetter, LogIndex } from "../../domain/incident/log-index.ts";
import { mayRead } from "../../domain/grant/readers.ts";
import { verifyRelease, type Expected } from "../../domain/log/release-proof.ts";
import { codeOf, Fault } from "../../domain/problem.ts";
import { openLetter, openSlip } from "../../domain/seal/open.ts";
import { referenceOf } from "../../domain/seal/reference.ts";
import { indexIn, wholeIndexIn } from "./entries.ts";
import { NOTHING_DONE, standOf, threadOf } from "./cases.ts";
import type { Letter, ListBytes, Reached, ReleaseBytes, SlipColumn, SlipRow, Slips, Thread } from "./tasks.ts";
import { bodyIn, keysIn, watchedIn, type Hand, type Report, type Vault } from "./vault.ts";
import { checkpointOf } from "./log.ts";
import type { Item } from "../../contract/reading.ts";

/** Often enough to be seen, seldom enough not to slow the opening. */
const TELL_EVERY = 10;

/**
 * Nothing is opened before this: the very reading is in the log, under its signature, and it is of what was asked for.
 * @returns its place in the log
 * @throws `PROOF_INVALID`
 */
export function demandProof(vault: Vault, ask: ReleaseBytes, purpose: ReleasePurpose, demanded: Expected): number {
  const { release, proof, entry, personSalt, idsSalt, body, inbox } = ask;
  const { person } = keysIn(vault);
  const role = bodyIn(vault, body).state.persons.get(person)?.role;
  if (!role) throw new Fault("PERSON_UNCONFIRMED");
  const ids = ask.items.map((item) => item.submission);
  // The proof's own checkpoint must be one of the log that this browser has watched: a fork made for one reading ends
  // here (T8).
  const logKey = watchedIn(vault, ask.body).proven.get(checkpointOf(proof));
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
    demanded,
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

/** Refuses all of them for the sake of some; a person is told which. @throws `NOT_AS_RECEIVED` */
export function demandNone(wrong: readonly string[]): void {
  if (wrong.length > 0) throw new Fault("NOT_AS_RECEIVED", wrong.map(referenceOf).join(", "));
}

/** Every part with its entry, or none of them. @throws `NOT_AS_RECEIVED` */
export function demandReceived(
  index: LogIndex,
  { items, inbox }: ReleaseBytes,
  part: "slip" | "letter",
): ReadonlyMap<string, LoggedLetter> {
  const said = index.letters(inbox);
  demandNone(
    items
      .filter((item) => !isReceived(item, part, inbox, said.get(item.submission)))
      .map(({ submission }) => submission),
  );
  return said;
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
const rowOf = ({ submission, epoch, formHash: hash, path, first }: Item, receivedAt: number) => ({
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
  index: LogIndex | null = null,
): { readonly content: unknown; readonly marker: boolean } {
  const { flagged, content } = takeMarker(opened);
  // What the server does not tell of a marker may stand in the log: a row taken away must not make a person of it.
  const told = flagged
    ? (index?.markerOf({ submission, inbox, epoch }) ??
      planted.markers.find((one) => one.submission === submission && one.inbox === inbox && one.epoch === epoch))
    : undefined;
  return { content, marker: told !== undefined && isMarker(planted.monitorKey, planted.installation, told) };
}

/** When a reading was, by its entry; whether that stands in the log is another matter. @throws `PROOF_INVALID` */
function saidAt(entry: Bytes): number {
  try {
    return parseEntry(entry).at;
  } catch {
    throw new Fault("PROOF_INVALID", "not an entry");
  }
}

/** The epochs of which this person may have a list at that time: what the server releases for one, too. */
function epochsToList(vault: Vault, { body, inbox }: ReleaseBytes, at: number): readonly number[] {
  const { state } = bodyIn(vault, body);
  const { person } = keysIn(vault);
  return (state.inboxes.get(inbox)?.epochs ?? [])
    .map(({ epoch }) => epoch)
    .filter((epoch) => mayRead(state, person, inbox, epoch, at).ok);
}

async function openSlips(vault: Vault, ask: ListBytes, tell: Report): Promise<Slips> {
  const role = bodyIn(vault, ask.body).state.persons.get(keysIn(vault).person)?.role;
  // A reader is not shown what the log says of other things than letters; whoever may see all of it demands all of it.
  const index = role === "reader" ? indexIn(vault, ask.body) : wholeIndexIn(vault, ask.body);
  const listed = listedIn(
    index,
    {
      inbox: ask.inbox,
      epochs: epochsToList(vault, ask, saidAt(ask.entry)),
      since: ask.since,
      before: ask.before,
    },
    ask.known,
  );
  const entry = demandProof(vault, ask, "list", { among: listed.may });
  const said = demandReceived(index, ask, "slip");
  const came = new Set(ask.items.map(({ submission }) => submission));
  const missing = listed.due
    .filter((submission) => !came.has(submission))
    .map((submission) => ({
      submission,
      reference: referenceOf(submission),
      receivedAt: said.get(submission)!.at,
    }));
  const published = formState(vault, ask);
  const forms = new Map<string, Form>();
  const rows: SlipRow[] = [];
  const stand = standOf(vault, ask, index);
  for (const item of ask.items) {
    rows.push(await openOne(item));
    if (rows.length % TELL_EVERY === 0 || rows.length === ask.items.length) tell(rows.length, ask.items.length);
  }
  return {
    entry,
    missing,
    withheld: index.withheld,
    rows,
    columns: columnsOf(published, forms),
    versions: new Map(
      [...forms.keys()]
        .filter((hash) => hash !== ADDITION_HASH)
        .map((hash) => [hash, published.versions.get(hash) ?? 0]),
    ),
    times: new Map([...forms].map(([hash, form]) => [hash, timesOf(form)])),
  };

  // One letter that was received so and does not open must not hide the others; it is shown as what it is.
  async function openOne(item: Item): Promise<SlipRow> {
    try {
      const form = forms.get(item.formHash) ?? version(published, ask, item);
      forms.set(item.formHash, form);
      const { content, marker } = unmarked(
        ask,
        item,
        await openSlip(keyFor(vault, ask, item), item.bytes, contextOf(ask, published.form, item)),
        index,
      );
      const slip = checkOpenedSlip(form, content);
      const cells = Object.fromEntries(rowsOfSlip(form, slip).map((row) => [row.question, row.lines.join(", ")]));
      return {
        ...rowOf(item, said.get(item.submission)!.at),
        code: null,
        marker,
        cells,
        stand: stand(item.first ?? item.submission),
      };
    } catch (thrown) {
      const row = rowOf(item, said.get(item.submission)!.at);
      return { ...row, code: codeOf(thrown), marker: false, cells: {}, stand: stand(item.first ?? item.submission) };
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

async function openOneLetter(
  vault: Vault,
  ask: ReleaseBytes & { readonly submission: string; readonly known: number },
): Promise<Letter> {
  const entry = demandProof(vault, ask, "open", { these: [ask.submission] });
  const item = ask.items[0]!;
  const said = loggedIn(vault, ask, ask.received);
  if (!isReceived(item, "letter", ask.inbox, said)) throw notAsReceived(item.submission);
  const added = ask.added.map((one) => loggedIn(vault, ask, one));
  if (added.some((one) => one?.first !== item.submission || one.inbox !== ask.inbox))
    throw notAsReceived(item.submission);
  const published = formState(vault, ask);
  const form = version(published, ask, item);
  const opened = await openLetter(keyFor(vault, ask, item), item.bytes, contextOf(ask, published.form, item));
  // Whoever can write rows could seal a letter of their own under this number: the log says which answers were received.
  if (opened.commitment !== said.commitment) throw notAsReceived(item.submission);
  const { content, marker } = unmarked(ask, item, opened.answers, watchedIn(vault, ask.body).index);
  const answers = checkOpened(form, content);
  const thread: Thread =
    item.first === null
      ? await threadOf(vault, ask, item.submission, opened.reply)
      : { ok: true, acts: [], stand: NOTHING_DONE };
  const reach = form.questions.flatMap((question): Reached[] => {
    const answer = question.reach === undefined ? undefined : answerTo(answers, question.id);
    return question.reach === undefined || answer === undefined
      ? []
      : [{ part: question.reach, lines: linesOf(question, answer) }];
  });
  return {
    ...rowOf(item, said.at),
    entry,
    marker,
    title: form.title,
    version: published.versions.get(item.formHash) ?? 0,
    times: timesOf(form),
    rows: rowsOf(form, answers),
    reach,
    thread,
    added: added.flatMap((one) =>
      one ? [{ submission: one.submission, reference: referenceOf(one.submission), receivedAt: one.at }] : [],
    ),
    receivedAs: said.leaf,
  };
}

const notAsReceived = (submission: string): Fault => new Fault("NOT_AS_RECEIVED", referenceOf(submission));

/** What an entry with its proof says was received; undefined for what proves nothing, or something else. */
function loggedIn(
  vault: Vault,
  { body, inbox }: ReleaseBytes,
  proven: ReleaseBytes["received"],
): LoggedLetter | undefined {
  const logKey = proven && watchedIn(vault, body).proven.get(checkpointOf(proven.proof));
  if (!proven || !logKey) return undefined;
  try {
    const { index: leaf } = verifyProof(proven.proof, proven.entry, parseVerifierKey(logKey));
    const entry = parseEntry(proven.entry);
    if (entry.kind !== "submission.received" || entry.body !== body || entry.inbox !== inbox) return undefined;
    const { submission, epoch, at, formHash: hash, path, slip, letter, commitment = null, first = null } = entry;
    if (path !== "browser" && path !== "counter") return undefined;
    return { submission, inbox, epoch, at, first, nth: leaf, leaf, formHash: hash, path, slip, letter, commitment };
  } catch (thrown) {
    if (thrown instanceof Fault) return undefined;
    throw thrown;
  }
}

export const openingOf = (vault: Vault): { [N in "openSlips" | "openLetter"]: Hand<N> } => ({
  openSlips: (ask, tell) => openSlips(vault, ask, tell),
  openLetter: (ask) => openOneLetter(vault, ask),
});
