/** An owner decides about erasure: what is decided is signed, and nothing is erased without that. */
import { toHex } from "../../domain/bytes.ts";
import type { GrantReason, RefuseReason } from "../../domain/log/erasure.ts";
import { newSalt, textCommitment } from "../../domain/person/details.ts";
import { newId } from "../../domain/seal/random.ts";
import type { Due, Erasure } from "../../contract/erasure.ts";
import type { Member } from "../member.ts";
import { signed } from "./acts.ts";
import { stateOf } from "./world.ts";

type Asked = Pick<Erasure, "erasure" | "submission" | "inbox" | "additions">;

/** Erases exactly the letter and the additions that were shown. @throws `ACT_MOVED` when something was added since */
export async function erase(member: Member, body: string, asked: Asked, reason: GrantReason): Promise<void> {
  await stateOf(member, body);
  await member.api.erase(body, asked.erasure, await erasureAct(member, body, asked, reason));
}

/** Keeps a letter. @param words why, for the person who asked */
export async function keep(
  member: Member,
  body: string,
  { erasure, submission, inbox }: Asked,
  reason: RefuseReason,
  words: string,
): Promise<void> {
  await stateOf(member, body);
  const salt = newSalt();
  const reasonCommitment = toHex(textCommitment(salt, words));
  const fields = { kind: "erasure.refused", body, inbox, erasure, submission, reason, reasonCommitment } as const;
  await member.api.refuseErasure(body, erasure, { act: await signed(member, fields), words, salt });
}

/** Erases letters whose time is up: an act of its own for each. */
export async function eraseDue(member: Member, body: string, due: readonly Due[]): Promise<void> {
  await stateOf(member, body);
  const acts = [];
  for (const one of due) acts.push(await erasureAct(member, body, { ...one, erasure: newId() }, "period-ended"));
  await member.api.eraseDue(body, acts);
}

const erasureAct = (
  member: Member,
  body: string,
  { erasure, submission, inbox, additions }: Asked,
  reason: GrantReason,
) => signed(member, { kind: "erasure.done", body, inbox, erasure, submission, additions, reason });
