/** DANGEROUS: replies and notes are opened, sealed and signed here. Worker only. */
import { concat, equalBytes, sha256, toHex, toUtf8, type Bytes } from "../../domain/bytes.ts";
import { faultOfCaseAct, faultOfSignedAct, mayAct, type ActOf } from "../../domain/case/by.ts";
import { firstReply } from "../../domain/case/due.ts";
import { caseOf, caseOfActs, refusalOf, type CaseAct, type CaseState } from "../../domain/case/fold.ts";
import { sealNote } from "../../domain/case/note.ts";
import { openNote } from "../../domain/case/open-note.ts";
import { openReply } from "../../domain/case/open-reply.ts";
import { sealReply } from "../../domain/case/reply.ts";
import type { LogIndex } from "../../domain/incident/log-index.ts";
import { draftSigned, type SignedEvent } from "../../domain/log/act.ts";
import { personCommitment } from "../../domain/log/commit.ts";
import { parseEntry, type Entry } from "../../domain/log/event.ts";
import { parseVerifierKey } from "../../domain/log/note-key.ts";
import { verifyProof } from "../../domain/log/proof.ts";
import { newSalt } from "../../domain/person/details.ts";
import { codeOf, Fault } from "../../domain/problem.ts";
import { recipientHash } from "../../domain/seal/age.ts";
import { newId } from "../../domain/seal/random.ts";
import type { Released } from "../../contract/reading.ts";
import { indexIn } from "./entries.ts";
import { checkpointOf } from "./log.ts";
import type { ListBytes, ReleaseBytes, Stand, Tasks, Thread, ThreadAct, To, Wish } from "./tasks.ts";
import { bodyIn, keysIn, watchedIn, type Hand, type Vault } from "./vault.ts";

type Given = Released["acts"][number];
type Opening = ReleaseBytes & { readonly known: number };

export const NOTHING_DONE: Stand = { step: "new", outcome: null, to: null, since: null, replied: null };

/**
 * What was done about a letter that was just opened and compared. One thing that does not fit, and none is shown: the
 * letter still is.
 * @param reply the recipient out of the letter
 */
export async function threadOf(vault: Vault, ask: Opening, submission: string, reply: string): Promise<Thread> {
  try {
    const entries = ask.acts.map(({ entry }) => entry);
    const acts: ThreadAct[] = [];
    demandAll(indexIn(vault, ask.body), submission, entries, ask.known);
    const state = caseOf(ask.received!.entry, entries);
    for (const [seq, given] of ask.acts.entries()) acts.push(await openOne(vault, ask, state.acts[seq]!, given));
    vault.letters.set(submission, { reply, state });
    return { ok: true, acts, stand: standIn(state, (act) => ask.acts[state.acts.indexOf(act)]?.to?.person) };
  } catch (thrown) {
    vault.letters.set(submission, { reply, state: null });
    if (codeOf(thrown) === "INTERNAL") throw thrown;
    return { ok: false, code: "CASE_BROKEN" };
  }
}

/**
 * These are the acts of the log, in its order, and none that was known is left out: a newest one that is hidden would
 * show a letter as it stood before.
 * @throws `CASE_BROKEN`
 */
function demandAll(index: LogIndex, letter: string, given: readonly Bytes[], known: number): void {
  const shown = new Set(given.map((entry) => toHex(sha256(entry))));
  const logged = index.done(letter, (entry) => shown.has(toHex(sha256(entry))));
  const hidden = logged.filter(({ nth }) => nth < known).length > given.length;
  if (hidden) throw new Fault("CASE_BROKEN", "the log says that more was done");
  for (const [seq, entry] of given.entries())
    if (!logged[seq] || !equalBytes(logged[seq].entry, entry)) throw new Fault("CASE_BROKEN", "not as the log has it");
}

/**
 * The signature under an entry, checked once in a visit: a list of ten thousand letters is asked for again after each act.
 * What was found right is remembered with all that it was found for, the key too; what was not is checked again.
 */
const onceIn =
  ({ signed }: Vault, entry: Bytes): typeof faultOfSignedAct =>
  (state, act, of: ActOf) => {
    const by = state.persons.get(of.person)?.signingKey ?? new Uint8Array();
    const parts = [entry, toUtf8(of.person), of.bySalt, of.signature, by];
    const key = toHex(sha256(concat(...parts.map((part) => sha256(part)))));
    if (signed.has(key)) return null;
    const why = faultOfSignedAct(state, act, of);
    if (why === null) signed.add(key);
    return why;
  };

/**
 * Where each letter of a list stands: by the log's own entries, each signed by somebody who could; null where that does
 * not hold, or where the log says more than is shown.
 */
export function standOf(vault: Vault, ask: ListBytes, index: LogIndex): (letter: string) => Stand | null {
  const { state: body } = bodyIn(vault, ask.body);
  const given = new Map(ask.done.map((one) => [toHex(sha256(one.entry)), one]));
  const known = new Map<string, Stand | null>();
  const find = (letter: string): Stand | null => {
    const byOf = (entry: Bytes) => given.get(toHex(sha256(entry)));
    const all = index
      .done(letter, (entry) => byOf(entry) !== undefined)
      .map(({ nth, entry }) => ({ nth, entry, by: byOf(entry) }));
    // What was done after the list was asked for comes with the next one.
    const shown = all.slice(0, all.findLastIndex(({ nth, by }) => by !== undefined || nth < ask.known) + 1);
    const [first, ...rest] = shown.map(({ entry }) => entry);
    if (!first) return NOTHING_DONE;
    try {
      const state = caseOfActs([first, ...rest]);
      for (const [seq, { by }] of shown.entries()) {
        const why = by ? faultOfCaseAct(body, state.acts[seq]!, by, onceIn(vault, by.entry)) : "an act was not shown";
        if (why !== null || state.head.inbox !== ask.inbox) return null;
      }
      return standIn(state, (act) => shown[state.acts.indexOf(act)]?.by?.to?.person);
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      return null;
    }
  };
  return (letter) => {
    if (!known.has(letter)) known.set(letter, find(letter));
    return known.get(letter)!;
  };
}

const standIn = (state: CaseState, personOf: (act: CaseAct) => string | undefined): Stand => ({
  step: state.step,
  outcome: state.outcome,
  to: (state.assigned && personOf(state.assigned)) ?? null,
  since: state.acts.at(-1)?.at ?? null,
  replied: firstReply(state),
});

async function openOne(vault: Vault, ask: ReleaseBytes, act: CaseAct, given: Given): Promise<ThreadAct> {
  const { index: entry } = loggedIn(vault, ask.body, given);
  // As whoever wrote the letter is shown it: from nobody who had not the key then (`src/domain/case/held.ts`).
  const why = faultOfCaseAct(bodyIn(vault, ask.body).state, act, given, onceIn(vault, given.entry));
  if (why !== null) throw new Fault("CASE_BROKEN", why);
  const of = { at: act.at, entry, person: given.person, role: act.role };
  switch (act.kind) {
    case "case.replied": {
      const { submission, reply } = act;
      const text = await textOf(vault, ask, act, given.sealed, (identity, sealed) =>
        openReply(identity, sealed, { submission, reply }),
      );
      return { ...of, kind: act.kind, text, fetchedAt: fetchedAt(vault, ask, reply, given) };
    }
    case "case.noted": {
      const { case: letter, note } = act;
      const text = await textOf(vault, ask, act, given.sealed, (identity, sealed) =>
        openNote(identity, sealed, { case: letter, note }),
      );
      return { ...of, kind: act.kind, text };
    }
    case "case.assigned":
      return { ...of, kind: act.kind, to: given.to!.person };
    case "case.closed":
      return { ...of, kind: act.kind, outcome: act.outcome };
    case "case.reopened":
      return { ...of, kind: act.kind };
  }
}

/** The very bytes that were signed, opened; null for whoever holds no key of their time. @throws `CASE_BROKEN` */
async function textOf(
  vault: Vault,
  { inbox }: ReleaseBytes,
  { epoch, digest }: { readonly epoch: number; readonly digest: string },
  sealed: Bytes | null,
  open: (identity: string, sealed: Bytes) => Promise<string>,
): Promise<string | null> {
  const key = vault.inboxKeys.get(inbox)?.get(epoch);
  if (!key) return null;
  if (sealed === null || toHex(sha256(sealed)) !== digest)
    throw new Fault("CASE_BROKEN", "the sealed text is not the one that was signed");
  return open(key.identity, sealed);
}

function fetchedAt(vault: Vault, { body }: ReleaseBytes, reply: string, { fetched }: Given): number | null {
  if (fetched === null) return null;
  const { entry } = loggedIn(vault, body, fetched);
  if (entry.kind !== "reply.fetched" || entry.body !== body || entry.reply !== reply)
    throw new Fault("CASE_BROKEN", "not that this reply was fetched");
  return entry.at;
}

/** @throws `CASE_BROKEN` for what is not in the log that this browser has watched */
function loggedIn(
  vault: Vault,
  body: string,
  { proof, entry }: Pick<Given, "proof" | "entry">,
): { readonly index: number; readonly entry: Entry } {
  const logKey = watchedIn(vault, body).proven.get(checkpointOf(proof));
  if (logKey === undefined) throw new Fault("CASE_BROKEN", "not under a checkpoint that this browser has seen");
  try {
    return { index: verifyProof(proof, entry, parseVerifierKey(logKey)).index, entry: parseEntry(entry) };
  } catch {
    throw new Fault("CASE_BROKEN", "not in the log");
  }
}

type Asked = Omit<Tasks["signCaseAct"]["ask"], "wish">;

/** The opened letter, who acts, and the key that an owner signed. @throws `CASE_BROKEN`, `RECIPIENT_MISMATCH` */
function actor(vault: Vault, { body, submission, epoch, recipient }: Asked) {
  const letter = vault.letters.get(submission);
  if (!letter?.state || letter.state.head.body !== body)
    throw new Fault("CASE_BROKEN", "the letter was not opened in this visit, or what was done about it does not hold");
  const { state: found, reply } = letter;
  const { person, signingSecret } = keysIn(vault);
  const { state } = bodyIn(vault, body);
  const role = state.persons.get(person)?.role;
  if (!role) throw new Fault("PERSON_UNCONFIRMED");
  const signed = state.inboxes.get(found.head.inbox)?.epochs.at(-1);
  // The key came from the server; an owner signed which one it is (T1).
  if (!signed || signed.epoch !== epoch || !equalBytes(signed.recipientHash, recipientHash(recipient)))
    throw new Fault("RECIPIENT_MISMATCH");
  return { who: { person, role, signingSecret }, reply, found, body: state, of: { ...found.head, epoch } };
}

async function signWish(
  { who, found, body, of }: ReturnType<typeof actor>,
  wish: Wish,
  recipient: string,
): Promise<Tasks["signCaseAct"]["answer"]> {
  const why = refusalOf(found, wish.kind);
  if (why !== null) throw new Fault(why);
  const plain = (act: SignedEvent<Wish["kind"]>) => ({ act, bytes: null, to: null });
  switch (wish.kind) {
    case "case.assigned": {
      // The name of somebody who cannot read it would be an act that no browser believes.
      if (!mayAct(body, { ...of, at: 0 }, wish.to)) throw new Fault("CASE_NOT_THEIRS");
      const bySalt = newSalt();
      // Whoever takes it themselves is meant by both commitments, under one salt.
      const to: To = { person: wish.to, salt: wish.to === who.person ? bySalt : newSalt() };
      const said = { kind: wish.kind, ...of, to: personCommitment(to.salt, to.person) };
      return { act: draftSigned<"case.assigned">(who, said, bySalt), bytes: null, to };
    }
    case "case.noted": {
      const note = newId();
      const bytes = await sealNote({ case: of.case, note }, wish.text, recipient);
      const digest = toHex(sha256(bytes));
      const said = { kind: wish.kind, ...of, note, digest, size: bytes.length };
      return { act: draftSigned<"case.noted">(who, said), bytes, to: null };
    }
    case "case.closed":
      return plain(draftSigned<"case.closed">(who, { kind: wish.kind, ...of, outcome: wish.outcome }));
    case "case.reopened":
      return plain(draftSigned<"case.reopened">(who, { kind: wish.kind, ...of }));
  }
}

export const casesOf = (vault: Vault): { [N in "sealReply" | "signCaseAct"]: Hand<N> } => ({
  sealReply: async ({ text, ...ask }) => {
    const { who, reply: writer, of } = actor(vault, ask);
    const { submission } = ask;
    const reply = newId();
    const bytes = await sealReply({ submission, reply }, text, writer, ask.recipient);
    const digest = toHex(sha256(bytes));
    const said = { kind: "case.replied", ...of, submission, reply, digest, size: bytes.length } as const;
    return { act: draftSigned<"case.replied">(who, said), bytes };
  },
  signCaseAct: async ({ wish, ...ask }) => signWish(actor(vault, ask), wish, ask.recipient),
});
