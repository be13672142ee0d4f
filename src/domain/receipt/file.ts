/**
 * The proof of receipt as a file: what a person keeps, and checks offline. Text in lines, so that it survives being
 * mailed and printed. It holds no words, so that it can be shown to others; with the answers' nonce, whoever has the
 * answers, too, can show what was received.
 */
import { fromBase64, fromHex, toBase64, toHex, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";
import { recipientHash } from "../seal/age.ts";
import { referenceOf } from "../seal/reference.ts";
import { isZone, LONDON, type Zone } from "../time.ts";
import { answersNonce } from "./keys.ts";
import type { Status } from "./status.ts";

export type ReceiptFile = {
  readonly kind: "receipt" | "erasure";
  /** the log's verifier key as the server said it; whoever checks brings it from elsewhere */
  readonly logKey: string;
  /** the entry as it stands in the log */
  readonly entry: Bytes;
  /** of a receipt: for the commitment to the answers, and the hash of the recipient that replies are sealed to */
  readonly answers: { readonly nonce: Bytes; readonly reply: Bytes } | null;
  /** of a certificate: the signing key of the owner who decided, as the server said it, and their signature */
  readonly decided: { readonly key: Bytes; readonly signature: Bytes } | null;
  /** `c2sp.org/tlog-proof@v1` */
  readonly proof: string;
};

const HEADS = { receipt: "pillarbox/v1/receipt", erasure: "pillarbox/v1/erasure-certificate" } as const;
const RULE = "-----";
const CLOCK = "Times by the clock in ";

/**
 * Lines for people, then a rule, then what is checked. What stands above the rule is not believed by anybody who
 * checks.
 */
export function encodeReceiptFile(file: ReceiptFile, said: readonly string[]): string {
  return [
    ...said,
    "",
    RULE,
    HEADS[file.kind],
    `log ${file.logKey}`,
    `entry ${toBase64(file.entry)}`,
    ...(file.answers ? [`nonce ${toHex(file.answers.nonce)}`, `reply ${toHex(file.answers.reply)}`] : []),
    ...(file.decided ? [`key ${toHex(file.decided.key)}`, `signature ${toHex(file.decided.signature)}`] : []),
    "",
    file.proof,
  ].join("\n");
}

/** Reads a file, whatever line ends it has got meanwhile. Nothing in it is verified yet. @throws `MALFORMED` */
export function parseReceiptFile(text: string): ReceiptFile {
  const bad = (detail: string): Fault => new Fault("MALFORMED", detail);
  const lines = text
    .replaceAll("\r\n", "\n")
    .replace(/^\ufeff/, "")
    .split("\n");
  const rule = lines.lastIndexOf(RULE);
  const [head, log, entry, ...rest] = lines.slice(rule + 1);
  const kind = head === HEADS.receipt ? "receipt" : head === HEADS.erasure ? "erasure" : null;
  if (rule < 0 || kind === null || !log?.startsWith("log ") || !entry?.startsWith("entry "))
    throw bad("not a proof of receipt");
  const [nonce, reply] =
    kind === "receipt"
      ? [/^nonce ([0-9a-f]{64})$/.exec(rest.shift() ?? "")?.[1], /^reply ([0-9a-f]{64})$/.exec(rest.shift() ?? "")?.[1]]
      : [null, null];
  const [key, signature] =
    kind === "erasure"
      ? [
          /^key ([0-9a-f]{64})$/.exec(rest.shift() ?? "")?.[1],
          /^signature ([0-9a-f]{128})$/.exec(rest.shift() ?? "")?.[1],
        ]
      : [null, null];
  if (nonce === undefined || reply === undefined || key === undefined || signature === undefined || rest.shift() !== "")
    throw bad("a line is missing");
  return {
    kind,
    logKey: log.slice("log ".length),
    entry: fromBase64(entry.slice("entry ".length)),
    answers: nonce === null || reply === null ? null : { nonce: fromHex(nonce), reply: fromHex(reply) },
    decided: key === null || signature === null ? null : { key: fromHex(key), signature: fromHex(signature) },
    proof: rest.join("\n"),
  };
}

/**
 * By whose clock the times of a file are said. Whatever stands there, the instant is the entry's, and the zone is named
 * with it; where nothing is said that this browser knows, London's.
 */
export function zoneOfFile(text: string): Zone {
  const line = text.split(/\r?\n/).find((one) => one.startsWith(CLOCK));
  const zone = line?.slice(CLOCK.length).trim() ?? "";
  return isZone(zone) ? zone : LONDON;
}

/** null until a signed checkpoint covers it. @param reply the recipient that follows from the words */
export function receiptFile(
  { letter, bodyName, title, logKey, zone }: Status,
  entropy: Bytes,
  reply: string,
): string | null {
  if (letter.received === null) return null;
  const said = [
    `Proof of receipt ${referenceOf(letter.submission)}`,
    `${title}, ${bodyName}`,
    "Check it with the page that works without the internet. What stands below the line is what is checked.",
    `${CLOCK}${zone}`,
    "Whoever has this file and a copy of your answers can show that these were the answers.",
  ];
  return encodeReceiptFile(
    {
      kind: "receipt",
      logKey,
      entry: fromBase64(letter.received.entry),
      answers: { nonce: answersNonce(entropy, letter.submission), reply: recipientHash(reply) },
      decided: null,
      proof: letter.received.proof,
    },
    said,
  );
}

export function certificateFile({ letter, bodyName, erasure, logKey, zone }: Status): string | null {
  const [done, act] = [erasure?.done ?? null, erasure?.act ?? null];
  if (done === null || act === null) return null;
  const said = [
    `Certificate of erasure ${referenceOf(letter.submission)}`,
    bodyName,
    `${CLOCK}${zone}`,
    "It is a statement of the body in its signed log that the letter was deleted from what is live, and until when the last backup is kept.",
  ];
  const decided = { key: fromHex(act.key), signature: fromHex(act.signature) };
  return encodeReceiptFile(
    { kind: "erasure", logKey, entry: fromBase64(done.entry), answers: null, decided, proof: done.proof },
    said,
  );
}
