/** A reading, from asking to opened text: wrapped keys, release, form versions, worker. */
import { fromHex } from "../../domain/bytes.ts";
import { readLog } from "./entries.ts";
import { ADDITION_HASH } from "../../domain/form/addition.ts";
import type { Letter, ReleaseBytes, Slips } from "../hands/tasks.ts";
import type { Tell } from "../member.ts";
import type { Member } from "../member.ts";
import type { Found } from "./world.ts";
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
  await readLog(member, body, () => {}, [released.proof]);
  const { since = 0, before = Number.MAX_SAFE_INTEGER } = range;
  return member.hands.call("openSlips", { ...(await bytesOf(member, found, released)), since, before, known }, tell);
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
  await readLog(member, body, () => {}, [
    proof,
    ...(received ? [received.proof] : []),
    ...added.map((one) => one.proof),
    ...acts.flatMap(({ proof: said, fetched }) => (fetched ? [said, fetched.proof] : [said])),
  ]);
  const letter = await member.hands.call("openLetter", {
    ...(await bytesOf(member, found, released)),
    submission,
    known,
  });
  await member.api.opened(released.release);
  return letter;
}
