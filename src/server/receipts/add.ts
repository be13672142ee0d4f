/**
 * Adding to a letter: a submission of its own, by whoever brings the words of that letter; received, logged and
 * released like letters.
 */
import { hash } from "node:crypto";
import { ADDITION_HASH } from "../../domain/form/addition.ts";
import { currentEpoch } from "../../domain/grant/state.ts";
import { equalBytes, toHex, type Bytes } from "../../domain/bytes.ts";
import { Fault } from "../../domain/problem.ts";
import { receiptHash } from "../../domain/receipt/keys.ts";
import type { SealedSubmission } from "../../domain/seal/envelope.ts";
import { lastErasure } from "../erasure/store/erasures.ts";
import { announceEvent, inTransaction, type Client, type Pool } from "../database/pool.ts";
import type { Path } from "../public/packed.ts";
import { receiveLetters, takenSubmissions } from "../public/store.ts";
import type { Chains } from "../statements/chains.ts";
import { toReceived, type Receipt } from "../public/receive.ts";
import { demandLetter, placeOf } from "./status.ts";

export type Added = {
  readonly signIn: Bytes;
  readonly submission: SealedSubmission;
  readonly path: Path;
  /** what was parsed, byte for byte */
  readonly wire: Bytes;
};

/**
 * A closed form takes no new letters; what belongs to one that it took is still welcome.
 * @throws `RECEIPT_UNKNOWN`, `LETTER_ERASED`, `EPOCH_ENDED`, `EPOCH_UNKNOWN`, `FORM_CHANGED`, `INBOX_UNKNOWN`,
 * `COUNTER_REFUSED`, `ID_TAKEN`
 */
export async function receiveAddition(
  pool: Pool,
  chains: Chains,
  { signIn, submission, path, wire }: Added,
): Promise<Receipt> {
  return inTransaction(pool, async (client) => {
    const letter = await demandLetter(client, signIn);
    if (submission.first !== letter.submission || submission.receipt !== toHex(receiptHash(signIn)))
      throw new Fault("RECEIPT_UNKNOWN");
    if (submission.inbox !== letter.inbox) throw new Fault("INBOX_UNKNOWN");
    const digest = hash("sha256", wire, "buffer");
    const addition = toReceived({ submission, path, body: letter.body, size: wire.length, digest });
    for (;;) {
      const head = await decideAddition(client, chains, submission, path, letter.body).catch(
        async (refusal: unknown) => {
          // The same bytes again get the same answer, whatever has changed since.
          const before = await already(client, submission.submission, digest);
          if (before) return before;
          throw refusal;
        },
      );
      if (typeof head !== "number") return head;
      const now = Date.now();
      const left = await receiveLetters(client, [addition], () => head, now);
      // Statements have come meanwhile: they may say otherwise.
      if (left === null) continue;
      if (left.size === 0) {
        await announceEvent(client);
        return { receivedAt: now };
      }
      const before = await already(client, submission.submission, digest);
      if (before) return before;
      if (left.get(0)) throw new Fault("ID_TAKEN");
      // The letter was erased a moment ago.
      await demandLetter(client, signIn);
      throw new Fault("LETTER_ERASED");
    }
  });
}

async function already(client: Client, id: string, digest: Bytes): Promise<Receipt | undefined> {
  const before = (await takenSubmissions(client, [id])).get(id);
  return before && equalBytes(before.digest, digest) ? { receivedAt: before.receivedAt } : undefined;
}

/** The last statement of the body, if its verified statements let this addition in. */
async function decideAddition(
  client: Client,
  chains: Chains,
  s: SealedSubmission,
  path: Path,
  body: string,
): Promise<number> {
  const place = placeOf(await chains.loadAll(client), s.inbox);
  if (place?.body !== body || place.form !== s.form) throw new Fault("FORM_UNKNOWN");
  const { state } = await chains.need(client, body);
  if (path === "counter" && state.forms.get(s.form)?.browserOnly) throw new Fault("COUNTER_REFUSED");
  if (s.formHash !== ADDITION_HASH) throw new Fault("FORM_CHANGED");
  const current = currentEpoch(state.inboxes.get(s.inbox)!).epoch;
  if (s.epoch !== current) throw new Fault(s.epoch < current ? "EPOCH_ENDED" : "EPOCH_UNKNOWN");
  if ((await lastErasure(client, s.first!))?.state === "granted") throw new Fault("LETTER_ERASED");
  return state.head.seq;
}
