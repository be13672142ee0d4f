/**
 * What a proof of receipt proves, in sentences, for somebody who holds the file, brings the log's key, and has perhaps
 * kept a copy of the answers. It says what holds, what does not, and what could not be judged. Nothing of the file is
 * believed that the key's signature does not cover.
 */
import { equalBytes, fromHex, sha256, toHex } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { answersInCopy } from "../receipt/answers-line.ts";
import { parseReceiptFile, type ReceiptFile } from "../receipt/file.ts";
import { faultOfSignature } from "../person/signed.ts";
import { answersCommitment } from "../seal/commitment.ts";
import { referenceOf } from "../seal/reference.ts";
import { parseEntry, type Entry } from "./event.ts";
import { keyGivenFor, whoseEntry } from "./names.ts";
import { parseVerifierKey } from "./note-key.ts";
import { verifyProof } from "./proof.ts";

export type Finding = { readonly verdict: "holds" | "fails" | "open"; readonly text: string };

/** The fingerprint of a log's key, to be compared with one from elsewhere; null when it is no key. */
export function logFingerprint(vkey: string): string | null {
  try {
    return toHex(sha256(parseVerifierKey(vkey).publicKey))
      .match(/.{4}/g)!
      .join(" ");
  } catch {
    return null;
  }
}

/**
 * @param vkey of the log of the letter's body, or of the host's log: the entry says the body, and stands in no other log
 * @param copy the text of a saved copy of the answers, or null
 * @param at how to say a time
 */
export function checkReceipt(
  text: string,
  vkey: string,
  copy: string | null,
  at: (time: number) => string,
): readonly Finding[] {
  let file: ReceiptFile;
  try {
    file = parseReceiptFile(text);
  } catch {
    return [
      {
        verdict: "fails",
        text: "This file is not a whole proof of receipt. It was changed, cut off, or is another file.",
      },
    ];
  }
  if (logFingerprint(vkey) === null)
    return [{ verdict: "fails", text: "The log’s key is not a key. Take it from where the body publishes it." }];
  let entry: Entry;
  let size: number;
  let index: number;
  try {
    entry = parseEntry(file.entry);
    const proven = verifyProof(file.proof, file.entry, keyGivenFor(parseVerifierKey(vkey), whoseEntry(entry)));
    [size, index] = [proven.checkpoint.size, proven.index];
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return [
      {
        verdict: "fails",
        text: "The proof does not hold under this key: the file was changed, or the key is that of another log. Nothing in it is proven.",
      },
    ];
  }
  const log: Finding = {
    verdict: "holds",
    text: `The log signed a list of ${size} entries, and this is entry ${index} of it. The log cannot take it back unseen.`,
  };
  return [
    log,
    ...(file.kind === "receipt" ? received(file, entry, copy, at) : erased(file, entry, at)),
    {
      verdict: "open",
      text: "Whether the log was rewritten since can only be judged together with a newer checkpoint or a witness.",
    },
  ];
}

function received(
  { answers: opening }: ReceiptFile,
  entry: Entry,
  copy: string | null,
  at: (time: number) => string,
): readonly Finding[] {
  if (entry.kind !== "submission.received")
    return [{ verdict: "fails", text: "The entry does not say that a letter was received." }];
  const said: Finding = {
    verdict: "holds",
    text: `A letter with the reference ${referenceOf(entry.submission)} was received on ${at(entry.at)}, ${entry.path === "browser" ? "sealed in its writer’s browser" : "sealed by the counter as it arrived"}.`,
  };
  if (copy === null)
    return [
      said,
      { verdict: "open", text: "What was written was not compared, because no copy of the answers was given." },
    ];
  const answers = answersInCopy(copy);
  if (answers === null)
    return [
      said,
      {
        verdict: "fails",
        text: "The copy has no line to compare. Give the file that the form saved, as it was saved.",
      },
    ];
  const same =
    opening !== null &&
    entry.commitment !== undefined &&
    equalBytes(answersCommitment(opening.nonce, answers, opening.reply), fromHex(entry.commitment));
  return [
    said,
    same
      ? { verdict: "holds", text: "The answers in the copy are exactly those that were received." }
      : {
          verdict: "fails",
          text: "The answers in the copy are not those that were received, or the proof belongs to another letter.",
        },
  ];
}

function erased({ decided }: ReceiptFile, entry: Entry, at: (time: number) => string): readonly Finding[] {
  if (entry.kind !== "erasure.done")
    return [{ verdict: "fails", text: "The entry does not say that a letter was erased." }];
  const said: Finding = {
    verdict: "holds",
    text: `The body stated on ${at(entry.at)} that the letter with the reference ${referenceOf(entry.submission)} was deleted from what is live, and that the last backup that may hold it expires on ${at(entry.backupsUntil)}.`,
  };
  if (
    decided === null ||
    faultOfSignature(entry, decided.signature, { role: "owner", signingKey: decided.key }) !== null
  )
    return [said, { verdict: "fails", text: "The signature of the person who decided does not hold." }];
  return [
    said,
    {
      verdict: "holds",
      text: `Whoever holds the key that begins with ${toHex(decided.key).slice(0, 8)} signed this decision.`,
    },
    { verdict: "open", text: "Whether that key is an owner’s, the body can tell you." },
  ];
}
