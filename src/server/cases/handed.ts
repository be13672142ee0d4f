/** What was done about letters, as it is handed to whoever reads them. */
import type { Bytes } from "../../domain/bytes.ts";
import type { ActOf } from "../../domain/case/by.ts";
import type { Client } from "../database/pool.ts";
import { releaseProof, type EventProof } from "../log/store/proofs.ts";
import { actsAbout, type SignedRow } from "./store.ts";

export type HandedAct = ActOf & EventProof & { readonly sealed: Bytes | null; readonly fetched: EventProof | null };
export type DoneAct = ActOf & { readonly entry: Bytes };

/** Whoever takes a letter themselves is meant by both commitments, under one salt. */
const actOf = ({ kind, person, bySalt, signature, other, otherSalt }: SignedRow): ActOf => {
  const to = kind !== "case.assigned" ? null : { person: other ?? person, salt: otherSalt ?? bySalt };
  return { person, bySalt, signature, to };
};

/**
 * The acts about a letter that is being released, as far as the log covers them; sealed bytes of the epochs that the
 * person may read.
 */
export async function handedActs(
  client: Client,
  letter: string,
  may: (epoch: number) => boolean,
): Promise<readonly HandedAct[]> {
  const handed: HandedAct[] = [];
  for (const row of await actsAbout(client, [letter], "with bytes")) {
    const proof = await releaseProof(client, row.event);
    // What stands behind one that is not signed yet is not signed either.
    if (!proof) break;
    const fetched = row.fetched === null ? null : await releaseProof(client, row.fetched);
    handed.push({ ...proof, ...actOf(row), sealed: may(row.epoch) ? row.bytes : null, fetched });
  }
  return handed;
}

/** The acts about the letters of a list, those of each case in their order. */
export const doneAbout = async (client: Client, letters: readonly string[]): Promise<readonly DoneAct[]> =>
  (await actsAbout(client, letters, "without")).map((row) => ({ entry: new Uint8Array(row.entry), ...actOf(row) }));
