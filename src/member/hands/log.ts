/**
 * The log as this visit has verified it: what it must extend, and which witnesses vouch for it. Nothing here needs a
 * private key; it stands in the worker so that nothing is opened without it.
 */
import { asked, audit, keyUnder, type Seen } from "../../domain/log/audit.ts";
import { openCheckpoint } from "../../domain/log/checkpoint.ts";
import { cosignaturesOf } from "../../domain/log/cosignature.ts";
import { vkeyOfLog, type Whose } from "../../domain/log/names.ts";
import { parseVerifierKey } from "../../domain/log/note-key.ts";
import { isQuorum, parsePolicy, type PolicyWitness } from "../../domain/log/policy.ts";
import { parseProof } from "../../domain/log/proof.ts";
import { Fault } from "../../domain/problem.ts";
import type { LogView, WitnessView } from "./tasks.ts";
import { watchedIn, type Hand, type Vault, type Watched } from "./vault.ts";

/** @throws `PROOF_INVALID` */
export function checkpointOf(proof: string): string {
  try {
    return parseProof(proof).checkpoint;
  } catch {
    throw new Fault("PROOF_INVALID", "not a proof");
  }
}

/**
 * Both what the browser kept and what this visit saw: another tab may have gone on, or somebody may have put the memory
 * back.
 */
function seenOf(watched: Watched, kept: Seen | null): Seen[] {
  return [kept, watched.log].filter((one) => one !== null).map(({ logKey, note }) => ({ logKey, note }));
}

function witnessed(note: string, { name, key }: PolicyWitness): WitnessView {
  try {
    const [found] = cosignaturesOf(note, [key]);
    return { name, key: key.name, at: found === undefined ? null : found.time * 1000, sound: true };
  } catch {
    return { name, key: key.name, at: null, sound: false };
  }
}

function viewOf({ logKey, note }: Seen, text: string | null): LogView {
  const { origin, size } = openCheckpoint(note, parseVerifierKey(logKey));
  if (text === null) return { origin, size, witnesses: [], quorum: null };
  const policy = parsePolicy(text);
  const witnesses = policy.witnesses.map((one) => witnessed(note, one));
  const enough = isQuorum(policy, new Set(witnesses.filter((one) => one.at !== null).map((one) => one.name)));
  return {
    origin,
    size,
    witnesses,
    quorum: policy.quorum === "none" ? null : { name: policy.quorum, reached: enough },
  };
}

/** The key of the log that was asked for, by the page's key. @throws `LOG_REFUSED` when that is none */
function keyOfPage(hostKey: string, whose: Whose): string {
  try {
    return vkeyOfLog(hostKey, whose);
  } catch {
    throw new Fault("LOG_REFUSED", "the key that the page brought is none");
  }
}

export const logOf = (vault: Vault): { [N in "seen" | "audit" | "log" | "keyUnder"]: Hand<N> } => ({
  seen: ({ whose, kept, proofs }) => {
    const notes = proofs.map(checkpointOf);
    try {
      return asked([...seenOf(watchedIn(vault, whose), kept).map((one) => one.note), ...notes]);
    } catch {
      throw new Fault("LOG_REFUSED", "what this browser has kept of the log cannot be read any more");
    }
  },

  audit: ({ whose, kept, proofs, hostKey, shown }) => {
    const watched = watchedIn(vault, whose);
    // The name of the log that was asked for comes from the page's key, so no other can take its place.
    const trusted = keyOfPage(hostKey, whose);
    const audited = audit({ seen: seenOf(watched, kept), also: proofs.map(checkpointOf), trusted, shown });
    if (audited === null) return null;
    watched.log = audited.newest;
    watched.all = audited.all;
    for (const [note, key] of audited.also) watched.proven.set(note, key);
    for (const [name, key] of audited.logs) watched.logs.set(name, key);
    return audited.newest;
  },

  keyUnder: ({ whose, proof }) => {
    const key = keyUnder(watchedIn(vault, whose).logs, proof);
    if (key === undefined) throw new Fault("LOG_REFUSED", "the proof is not under a log of this installation");
    return key;
  },

  log: ({ whose, policy }) => {
    const { log } = watchedIn(vault, whose);
    return log === null ? null : viewOf(log, policy);
  },
});
