/** A reading, from asking to opened text: wrapped keys, release, form versions, worker. */
import { fromHex } from "../../domain/bytes.ts";
import { readLog } from "./entries.ts";
import { ADDITION_HASH } from "../../domain/form/addition.ts";
import type { Letter, ReleaseBytes, Slips } from "../hands/tasks.ts";
import type { Tell } from "../member.ts";
import type { Member } from "../member.ts";
import { codeOf, type Code } from "../../domain/problem.ts";
import { stateOf, type Found } from "./world.ts";
import type { Released } from "../../contract/reading.ts";

type Answer = Released & { readonly release: string };

/** Lets the worker take the visitor's wrapped keys of an inbox. */
export async function takeKeys(member: Member, { world, inbox }: Found): Promise<readonly number[]> {
  const wraps = await member.api.wraps(world.body.id, inbox.inbox);
  return member.hands.call("takeWraps", { body: world.body.id, inbox: inbox.inbox, wraps });
}

/** What the worker needs to open a release. */
export async function bytesOf(member: Member, { world, inbox }: Found, released: Answer): Promise<ReleaseBytes> {
  // The form of what is added to a letter is part of the program.
  const hashes = [...new Set(released.items.map((item) => item.formHash))].filter((hash) => hash !== ADDITION_HASH);
  const forms = await Promise.all(
    hashes.map(async (hash) => [hash, await member.api.form(world.body.id, hash)] as const),
  );
  const { release, proof, entry, personSalt, idsSalt, items, received, added, acts, done } = released;
  const markers = (await member.api.markers(world.body.id)).filter((one) => one.inbox === inbox.inbox);
  const planted = { installation: member.setup.installation, monitorKey: fromHex(member.setup.monitorKey), markers };
  return {
    planted,
    release,
    proof,
    entry,
    personSalt,
    idsSalt,
    items,
    received,
    added,
    acts,
    done,
    body: world.body.id,
    inbox: inbox.inbox,
    forms: new Map(forms),
  };
}

/** What a reading is called that does not fit what this visit knows of people, keys and the log. */
const MISFITS: readonly Code[] = ["NOT_AS_RECEIVED", "PROOF_INVALID", "PERSON_UNCONFIRMED", "REFUSED_EPOCH"];

/**
 * Opens what was released. Before it is called broken, what this visit knows is loaded anew, once: somebody may have been
 * let in since, the visitor or whoever did something about the letter. What is broken then is.
 */
async function openedOrAnew<T>(
  member: Member,
  found: Found,
  proofs: readonly string[],
  { open, isBroken }: { readonly open: () => Promise<T>; readonly isBroken: (one: T) => boolean },
): Promise<T> {
  try {
    const one = await open();
    if (!isBroken(one)) return one;
  } catch (thrown) {
    if (!MISFITS.includes(codeOf(thrown))) throw thrown;
  }
  const body = found.world.body.id;
  await stateOf(member, body);
  await takeKeys(member, found);
  await readLog(member, body, () => {}, proofs, true);
  return open();
}

/** When the letters of a list were received: from `since` until just before `before`, milliseconds. */
export type Range = { readonly since?: number; readonly before?: number };

/**
 * The list of an inbox: one release, recorded as one event. It says what is missing from it, by the log.
 * @throws `NOT_AS_RECEIVED`, `PROOF_INVALID`
 */
export async function openList(member: Member, found: Found, range: Range, tell: Tell): Promise<Slips> {
  const body = found.world.body.id;
  await takeKeys(member, found);
  // What the log says before the list is asked for must be in it; what came meanwhile may be.
  const known = await readLog(member, body, () => {});
  const released = await member.api.release(body, { inbox: found.inbox.inbox, purpose: "list", ...range });
  const proofs = [released.proof];
  await readLog(member, body, () => {}, proofs);
  const { since = 0, before = Number.MAX_SAFE_INTEGER } = range;
  const ask = { ...(await bytesOf(member, found, released)), since, before, known };
  return openedOrAnew(member, found, proofs, {
    open: () => member.hands.call("openSlips", ask, tell),
    isBroken: ({ rows }) => rows.some(({ stand }) => stand === null),
  });
}

/**
 * One letter: one release, one event; and that it was opened, once it was.
 * @throws `NOT_AS_RECEIVED`, `PROOF_INVALID`
 */
export async function openLetter(member: Member, found: Found, submission: string): Promise<Letter> {
  const body = found.world.body.id;
  await takeKeys(member, found);
  // What the log says before it is asked for was done about the letter must be shown; what came meanwhile may be.
  const known = await readLog(member, body, () => {});
  const released = await member.api.release(body, {
    inbox: found.inbox.inbox,
    purpose: "open",
    submissions: [submission],
  });
  const { proof, received, added, acts } = released;
  const proofs = [
    proof,
    ...(received ? [received.proof] : []),
    ...added.map((one) => one.proof),
    ...acts.flatMap(({ proof: said, fetched }) => (fetched ? [said, fetched.proof] : [said])),
  ];
  await readLog(member, body, () => {}, proofs);
  const ask = { ...(await bytesOf(member, found, released)), submission, known };
  const letter = await openedOrAnew(member, found, proofs, {
    open: () => member.hands.call("openLetter", ask),
    isBroken: ({ thread }) => !thread.ok,
  });
  await member.api.opened(released.release);
  return letter;
}
