/**
 * A request for access, as it was asked: the asker signed it, and it stands in the log. Whoever lets people in by it
 * compares first, so that no row in between names other people, another form or another end.
 */
import type { Bytes } from "../bytes.ts";
import { canonicalBytes } from "../canonical.ts";
import { asksFor, type Asked } from "../grant/asked.ts";
import { Fault } from "../problem.ts";
import { faultOfAct, type PlainAct, type Signers } from "./act.ts";
import { keyUnder } from "./audit.ts";
import { parseEntry, type Entry } from "./event.ts";
import { parseVerifierKey } from "./note-key.ts";
import { verifyProof } from "./proof.ts";

/** What a server brings to show that it was asked. */
export type AskedAct = {
  readonly entry: Bytes;
  /** null until a signed checkpoint covers the entry */
  readonly proof: string | null;
  readonly signature: Bytes;
  readonly bySalt: Bytes;
  readonly personsSalt: Bytes;
};

/**
 * Whether this was asked: signed by the asker, in the log under a proof, and the same in everything.
 * @param purposeCommitment to the words, hex
 * @param logKey of the log that runs; `logs`: those before it, as verified
 * @throws `LOG_NOT_SIGNED` while there is no proof; `REQUEST_ALTERED`
 */
export function checkAsked(
  asked: Asked & { readonly asker: string; readonly purposeCommitment: string },
  act: AskedAct,
  signers: Signers,
  { logKey, logs }: { readonly logKey: string; readonly logs: ReadonlyMap<string, string> },
): void {
  const { entry: bytes, proof, signature, bySalt, personsSalt } = act;
  if (proof === null) throw new Fault("LOG_NOT_SIGNED");
  const altered = (why: string): Fault => new Fault("REQUEST_ALTERED", why);
  let entry: Entry;
  try {
    entry = parseEntry(bytes);
    verifyProof(proof, bytes, parseVerifierKey(keyUnder(logs, proof) ?? logKey));
  } catch {
    throw altered("there is no proof that it was asked");
  }
  if (entry.kind !== "grant.requested" || !asksFor(entry, asked, personsSalt))
    throw altered("something else was asked");
  if (entry.purposeCommitment !== asked.purposeCommitment) throw altered("its words were changed");
  const fault = faultOfAct(entry as unknown as PlainAct, { person: asked.asker, signature, bySalt }, signers);
  if (fault !== null) throw altered(fault);
}

/** The event of an entry as its signer had it: canonical JSON without version, time and nonce. @throws `MALFORMED` */
export function plainEvent(bytes: Bytes): Bytes {
  const { v: _v, at: _at, nonce: _nonce, ...said } = parseEntry(bytes);
  return canonicalBytes(said);
}
