/** A reading, from asking to opened text: wrapped keys, release, form versions, worker. */
import { fromHex } from "../domain/bytes.ts";
import { auditLog } from "./audit.ts";
import { ADDITION_HASH } from "../domain/form/addition.ts";
import type { Letter, ReleaseBytes, Slips } from "./acts.ts";
import type { Tell } from "./use-load.ts";
import type { Visit } from "./visit.ts";
import type { Found } from "./world.ts";
import type { Released } from "./wire.ts";

type Answer = Released & { readonly release: string };

/** Lets the worker take the visitor's wrapped keys of an inbox. */
export async function takeKeys(visit: Visit, { world, inbox }: Found): Promise<readonly number[]> {
  const wraps = await visit.api.wraps(world.body.id, inbox.inbox);
  return visit.keyring.call("takeWraps", { body: world.body.id, inbox: inbox.inbox, wraps });
}

/** What the worker needs to open a release. */
export async function bytesOf(visit: Visit, { world, inbox }: Found, released: Answer): Promise<ReleaseBytes> {
  // The form of what is added to a letter is part of the program.
  const hashes = [...new Set(released.items.map((item) => item.formHash))].filter((hash) => hash !== ADDITION_HASH);
  const forms = await Promise.all(
    hashes.map(async (hash) => [hash, await visit.api.form(world.body.id, hash)] as const),
  );
  const { release, proof, entry, personSalt, idsSalt, items, received, added } = released;
  const markers = (await visit.api.markers(world.body.id)).filter((one) => one.inbox === inbox.inbox);
  const planted = { installation: visit.setup.installation, monitorKey: fromHex(visit.setup.monitorKey), markers };
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
    body: world.body.id,
    inbox: inbox.inbox,
    forms: new Map(forms),
  };
}

/** When the letters of a list were received: from `since` until just before `before`, milliseconds. */
export type Range = { readonly since?: number; readonly before?: number };

/** The list of an inbox: one release, recorded as one event. */
export async function openList(visit: Visit, found: Found, range: Range, tell: Tell): Promise<Slips> {
  await takeKeys(visit, found);
  const released = await visit.api.release(found.world.body.id, {
    inbox: found.inbox.inbox,
    purpose: "list",
    ...range,
  });
  await auditLog(visit, [released.proof]);
  return visit.keyring.call("openSlips", await bytesOf(visit, found, released), tell);
}

/** One letter: one release, one event; and that it was opened, once it was. */
export async function openLetter(visit: Visit, found: Found, submission: string): Promise<Letter> {
  await takeKeys(visit, found);
  const released = await visit.api.release(found.world.body.id, {
    inbox: found.inbox.inbox,
    purpose: "open",
    submissions: [submission],
  });
  await auditLog(visit, [released.proof, ...(released.received ? [released.received.proof] : [])]);
  const letter = await visit.keyring.call("openLetter", { ...(await bytesOf(visit, found, released)), submission });
  await visit.api.opened(released.release, [submission]);
  return letter;
}
