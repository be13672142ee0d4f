/**
 * What a staff browser checks before it opens anything: that this very reading stands in the log, under a signed
 * checkpoint (T12). Everything demanded here comes from the browser's own request, its own keys and the page's setup;
 * only `proof`, `entry` and the salts come with the answer.
 */
import type { Bytes } from "../bytes.ts";
import { ALLOWED, Fault, refused, type Decision } from "../problem.ts";
import { idsRoot, personCommitment } from "./commit.ts";
import { parseEntry, type Entry, type ReleasePurpose, type Role } from "./event.ts";
import { parseVerifierKey } from "./note-key.ts";
import { verifyProof } from "./proof.ts";

/**
 * What a reader asked for. `these`: named ones (of an opening, a search, an affected load), and nothing else may come.
 * `among`: a list, of which each must be one of these; what is missing of them is for the reader to name.
 */
export type Expected = { readonly these: readonly string[] } | { readonly among: readonly string[] };

export type ReleaseClaim = {
  readonly proof: string;
  readonly entry: Bytes;
  readonly personSalt: Bytes;
  readonly idsSalt: Bytes;
  /** The submissions that the answer holds. */
  readonly ids: readonly string[];
  /** Those that were asked for, by the browser's own request and by the log; never by the answer. */
  readonly demanded: Expected;
  /** Who reads, as what, for what, where: as the browser knows it. */
  readonly person: string;
  readonly role: Role;
  readonly purpose: ReleasePurpose;
  readonly body: string;
  readonly inbox: string;
  /** The id that the reader's app made for this reading: an earlier answer, given again, has another. */
  readonly release: string;
  /** The log's vkey, from the installation's configuration. */
  readonly logKey: string;
};

/** Allowed, or `PROOF_INVALID`: then nothing may be opened. */
export function verifyRelease(claim: ReleaseClaim): Decision {
  try {
    verifyProof(claim.proof, claim.entry, parseVerifierKey(claim.logKey));
    const fits = answers(claim.demanded, claim.ids) && saysThis(parseEntry(claim.entry), claim);
    return fits ? ALLOWED : refused("PROOF_INVALID");
  } catch (error) {
    if (error instanceof Fault) return refused("PROOF_INVALID");
    throw error;
  }
}

/** Whether these are the ones that were asked for: not fewer, not more, no others. None stands twice: `idsRoot` throws. */
function answers(demanded: Expected, ids: readonly string[]): boolean {
  const given = new Set(ids);
  const wanted = new Set("these" in demanded ? demanded.these : demanded.among);
  return ids.every((id) => wanted.has(id)) && ("among" in demanded || given.size === wanted.size);
}

/**
 * Whether the entry is about this reader, at this place, for this purpose (each kind of release has its own), and
 * exactly these submissions.
 */
function saysThis(
  entry: Entry,
  { personSalt, idsSalt, ids, person, role, purpose, body, inbox, release }: ReleaseClaim,
): boolean {
  if (entry.kind !== "slips.released" && entry.kind !== "letter.released" && entry.kind !== "letters.released")
    return false;
  return (
    entry.release === release &&
    entry.purpose === purpose &&
    entry.body === body &&
    entry.inbox === inbox &&
    entry.role === role &&
    entry.reader === personCommitment(personSalt, person) &&
    entry.count === ids.length &&
    entry.ids === idsRoot(idsSalt, ids)
  );
}
