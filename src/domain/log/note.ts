/**
 * Signed notes: a text and the keys that vouch for it. Source: c2sp.org/signed-note@v1, whose words are the names here.
 * Every refusal is a Fault `NOTE_INVALID`; whether a text is to be trusted is only ever answered by `openNote`.
 */
import { fromBase64, toBase64, toUtf8, type Bytes } from "../bytes.ts";
import { Fault } from "../problem.ts";

/** Checks signatures of one key. `name` and `id` together say which signature line is its own. */
export type NoteVerifier = {
  readonly name: string;
  readonly id: number;
  verify(text: Bytes, signature: Bytes): boolean;
};

/** Makes signatures of one key. */
export type NoteSigner = { readonly name: string; readonly id: number; sign(text: Bytes): Bytes };

/** A note taken apart, nothing in it verified yet. */
export type ParsedNote = { readonly text: string; readonly signatures: readonly NoteSignature[] };
export type NoteSignature = { readonly name: string; readonly id: number; readonly signature: Bytes };

/** What the caller may rely on: the text, and which of the caller's keys signed it. */
export type OpenedNote = { readonly text: string; readonly signedBy: readonly NoteVerifier[] };

const MOST_CHARACTERS = 1_000_000;
const MOST_SIGNATURES = 100;
const SIGNATURE_LINE = /^— (\S+) (\S+)$/u;
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

const invalid = (detail: string): Fault => new Fault("NOTE_INVALID", detail);

/** A key name: not empty, no white space, no plus, nothing that a note could not hold. */
export const isKeyName = (name: string): boolean =>
  name !== "" && name.isWellFormed() && !/[\p{White_Space}\p{Cc}+]/u.test(name);

function checkText(text: string): void {
  if (!text.endsWith("\n")) throw invalid("the text does not end in a newline");
  if (!text.isWellFormed() || CONTROL.test(text)) throw invalid("the text holds characters that a note must not hold");
  if (text.length > MOST_CHARACTERS) throw invalid("the text is too long");
}

/** One signature line, newline included: em dash, key name, base64 of the key id and the signature. */
export function signatureLine({ name, id, signature }: NoteSignature): string {
  const bytes = new Uint8Array(4 + signature.length);
  new DataView(bytes.buffer).setUint32(0, id);
  bytes.set(signature, 4);
  return `— ${name} ${toBase64(bytes)}\n`;
}

/** Signs a text, which must end in a newline, with each signer in turn. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  checkText(text);
  if (signers.length === 0) throw invalid("a note has at least one signature");
  const bytes = toUtf8(text);
  return `${text}\n${signers.map((signer) => signatureLine({ ...named(signer), signature: signer.sign(bytes) })).join("")}`;
}

const named = ({ name, id }: NoteSigner): { name: string; id: number } => ({ name, id });

function parseSignature(line: string): NoteSignature {
  const [, name, base64] = SIGNATURE_LINE.exec(line) ?? [];
  if (name === undefined || base64 === undefined || !isKeyName(name)) throw invalid("a signature line is malformed");
  const bytes = decode(base64);
  if (bytes.length < 5) throw invalid("a signature is too short");
  return { name, id: new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), signature: bytes.subarray(4) };
}

function decode(base64: string): Bytes {
  try {
    return fromBase64(base64);
  } catch {
    throw invalid("a signature is not base64");
  }
}

/** Takes a note apart without judging it. */
export function parseNote(note: string): ParsedNote {
  if (note.length > MOST_CHARACTERS) throw invalid("the note is too long");
  // The text may hold empty lines; the last one parts it from the signatures.
  const end = note.lastIndexOf("\n\n");
  if (end < 0) throw invalid("there is no empty line before the signatures");
  const text = note.slice(0, end + 1);
  checkText(text);
  const lines = note.slice(end + 2).split("\n");
  if (lines.pop() !== "") throw invalid("the last line does not end in a newline");
  if (lines.length === 0) throw invalid("there is no signature");
  if (lines.length > MOST_SIGNATURES) throw invalid("there are too many signatures");
  return { text, signatures: lines.map(parseSignature) };
}

/**
 * Verifies a note against the keys that the caller knows from elsewhere. Signatures by other keys are ignored; one by a
 * known key that does not verify refuses the whole note; without any by a known key nothing is returned.
 */
export function openNote(note: string, known: readonly NoteVerifier[]): OpenedNote {
  const { text, signatures } = parseNote(note);
  const bytes = toUtf8(text);
  const signedBy = new Set<NoteVerifier>();
  for (const { name, id, signature } of signatures) {
    const key = known.find((candidate) => candidate.name === name && candidate.id === id);
    if (key === undefined) continue;
    if (!key.verify(bytes, signature)) throw invalid("a signature by a known key does not verify");
    signedBy.add(key);
  }
  if (signedBy.size === 0) throw invalid("no known key signed this note");
  return { text, signedBy: [...signedBy] };
}
