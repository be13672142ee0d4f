/** Letters sealed before anything is killed, so that what is sent again is the same bytes. */
import { setTimeout as wait } from "node:timers/promises";
import { encodeSubmission, SUBMISSION_TYPE } from "../../src/domain/seal/envelope.ts";
import { fromHex } from "../../src/domain/bytes.ts";
import { newSubmissionId } from "../../src/domain/seal/seal.ts";
import { letterTo, type StaffedWorld } from "../support/staffed.ts";

export type Sealed = { readonly submission: string; readonly bytes: Buffer };

/**
 * As many letters as are asked for: one is sealed, the others are its bytes under ids of their own.
 * Nobody on the way can tell, because nobody on the way can open them.
 */
export async function sealedLetters(staffed: StaffedWorld): Promise<() => Sealed> {
  const one = await staffed.seal(staffed.forms.contact, letterTo("contact"));
  const bytes = Buffer.from(encodeSubmission(one));
  const at = bytes.indexOf(Buffer.from(fromHex(one.submission)));
  return () => {
    const submission = newSubmissionId();
    const copy = Buffer.from(bytes);
    copy.set(fromHex(submission), at);
    return { submission, bytes: copy };
  };
}

/**
 * What the sender knows afterwards. `unsent`: nobody took the connection, so nothing happened. `unknown`: the letter
 * was on its way, and no answer came, or one that asks to try again.
 */
export type Outcome =
  | { readonly kind: "received"; readonly receivedAt: number }
  | { readonly kind: "unsent" | "unknown" };

const PATIENCE = 20_000;

/** Sends once. @throws for an answer that no crash explains: the letter was refused */
export async function send(origin: string, letter: Sealed): Promise<Outcome> {
  let status: number;
  let text: string;
  try {
    const response = await fetch(`${origin}/submissions`, {
      method: "POST",
      headers: { "content-type": SUBMISSION_TYPE },
      body: new Uint8Array(letter.bytes),
      signal: AbortSignal.timeout(PATIENCE),
    });
    [status, text] = [response.status, await response.text()];
  } catch (thrown) {
    return { kind: isRefused(thrown) ? "unsent" : "unknown" };
  }
  if (status === 201) return { kind: "received", receivedAt: (JSON.parse(text) as { receivedAt: number }).receivedAt };
  if (status >= 500) return { kind: "unknown" };
  throw new Error(`a good letter was answered ${status} ${text}`);
}

function isRefused(thrown: unknown): boolean {
  const cause: unknown = thrown instanceof Error ? thrown.cause : undefined;
  // `localhost` is two addresses: what failed for both holds one fault for each.
  const faults = cause instanceof AggregateError ? cause.errors : [cause];
  return faults.every((fault: unknown) => fault instanceof Error && "code" in fault && fault.code === "ECONNREFUSED");
}

/**
 * Sends until it is received: a server that has just got up may still answer that it is unavailable.
 * @throws after some seconds
 */
export async function insist(origin: string, letter: Sealed): Promise<number> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const outcome = await send(origin, letter);
    if (outcome.kind === "received") return outcome.receivedAt;
    if (Date.now() > end) throw new Error(`the letter ${letter.submission} is not received`);
    await wait(50);
  }
}
