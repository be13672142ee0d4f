/**
 * The seal of a backup: one age file, written and read in pieces. Whoever seals has no key that opens: the identity is
 * made once, and kept where the installation is not.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { Decrypter, Encrypter, generateHybridIdentity, identityToRecipient } from "age-encryption";
import type { Bytes } from "../../src/domain/bytes.ts";
import { kindOfRecipient } from "../../src/domain/seal/age.ts";
import { readIfThere } from "../files.ts";
import { Refusal, systemCode } from "../refusal.ts";

const NOTHING = "Nothing was written.";

/**
 * The recipients that were named: each as text, or a file with one a line.
 * @throws Refusal
 */
export function recipientsOf(named: readonly string[]): readonly string[] {
  if (named.length === 0)
    throw new Refusal(
      `Say to whom it is sealed: --to age1…, or --to FILE.pub as “pillarbox backup --make-recipient FILE” writes it. ${NOTHING}`,
    );
  const recipients = named.flatMap((one) => (one.startsWith("age1") ? [one] : linesOf(one)));
  for (const one of recipients) {
    if (one.startsWith("AGE-SECRET-KEY-"))
      throw new Refusal(
        `A secret key was named where its public half is needed: whoever has it opens every backup, so it does not belong on this machine. ${NOTHING}`,
      );
    try {
      kindOfRecipient(one);
    } catch {
      throw new Refusal(`“${one.slice(0, 24)}” is no age recipient: name one that begins with age1. ${NOTHING}`);
    }
  }
  if (recipients.length === 0) throw new Refusal(`There is no recipient in ${named.join(", ")}. ${NOTHING}`);
  if (new Set(recipients.map(kindOfRecipient)).size > 1)
    throw new Refusal(`The recipients are of two kinds, age1… and age1pq1…: name one kind. ${NOTHING}`);
  return [...new Set(recipients)];
}

function linesOf(path: string): string[] {
  const text = existsSync(path) ? readIfThere(path) : null;
  if (text === null) throw new Refusal(`“${path.slice(0, 60)}” is no age recipient and no file with one. ${NOTHING}`);
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/**
 * Makes an identity, and beside it `FILE.pub`, which the installation is given.
 * @throws Refusal where one of the two is there
 */
export async function makeIdentity(path: string): Promise<string> {
  const identity = await generateHybridIdentity();
  const recipient = await identityToRecipient(identity);
  try {
    writeFileSync(path, `# public key: ${recipient}\n${identity}\n`, { mode: 0o600, flag: "wx", flush: true });
    writeFileSync(`${path}.pub`, `${recipient}\n`, { mode: 0o644, flag: "wx", flush: true });
  } catch (thrown) {
    const code = systemCode(thrown);
    if (code === "") throw thrown;
    throw new Refusal(
      code === "EEXIST"
        ? `${path} or ${path}.pub is there already, and an identity is never overwritten: name another file.`
        : `${path} cannot be written (${code}).`,
    );
  }
  return recipient;
}

/** The identities in a file as `makeIdentity` or age-keygen writes it. @throws Refusal */
export function identitiesIn(path: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (thrown) {
    throw new Refusal(`${path} cannot be read (${systemCode(thrown)}): name the file of the identity.`);
  }
  const found = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("AGE-SECRET-KEY-"));
  if (found.length === 0)
    throw new Refusal(`There is no identity in ${path}: a line of it begins with AGE-SECRET-KEY-.`);
  return found;
}

/** Sealed, piece by piece. */
export async function* sealed(recipients: readonly string[], plain: AsyncIterable<Bytes>): AsyncGenerator<Bytes> {
  const encrypter = new Encrypter();
  for (const one of recipients) encrypter.addRecipient(one);
  yield* await encrypter.encrypt(Readable.toWeb(Readable.from(plain)) as ReadableStream<Bytes>);
}

/**
 * DANGEROUS: opened, piece by piece. The end of the file is only known to be its end when this ends: nothing is done
 * with what comes before.
 * @throws Refusal for a file that is not sealed to one of these, is altered or breaks off
 */
export async function* opened(path: string, identities: readonly string[]): AsyncGenerator<Bytes> {
  const decrypter = new Decrypter();
  try {
    for (const one of identities) decrypter.addIdentity(one);
  } catch {
    throw new Refusal("The identity is damaged: it is one long line that begins with AGE-SECRET-KEY-.");
  }
  let begun = false;
  try {
    const stream = await decrypter.decrypt(Readable.toWeb(createReadStream(path)) as ReadableStream<Bytes>);
    begun = true;
    yield* stream;
  } catch (thrown) {
    const code = systemCode(thrown);
    if (/^E[A-Z]+$/.test(code)) throw new Refusal(`${path} cannot be read (${code}).`);
    throw new Refusal(
      begun
        ? `${path} is altered or breaks off: its seal does not hold to the end.`
        : `${path} is no file that is sealed to this identity, or its head is altered.`,
    );
  }
}
