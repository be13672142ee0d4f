/** What was answered to a letter, for whoever brings its words; and that they were given it, which is written down once. */
import { toBase64, toHex } from "../../domain/bytes.ts";
import type { DecidedBy, Proven, SentReply } from "../../domain/receipt/status.ts";
import type { BodyState } from "../../domain/grant/state.ts";
import { actOf, type ActRow } from "../acts/store.ts";
import { announceEvent, type Client } from "../database/pool.ts";
import { writeEvent } from "../log/store/events.ts";
import { noteFetched, type EventOf, type OwnReply } from "./store.ts";

/** Entries with their proofs, by the event or by its id; null where the log does not cover it. */
export type Proofs = {
  readonly of: (event: EventOf | undefined) => Proven | null;
  readonly at: (event: number | null) => Proven | null;
};

/** Replies with the events that say so, to be proved. */
export type Answered = OwnReply & { readonly said: EventOf };

export type Where = { readonly body: string; readonly inbox: string; readonly submission: string };

/** As far as the log covers them: what stands behind one that is not signed yet is not signed either. */
export async function repliesTold(
  client: Client,
  where: Where,
  replies: readonly Answered[],
  proven: Proofs,
  state: BodyState,
): Promise<readonly SentReply[]> {
  const told: SentReply[] = [];
  for (const one of replies) {
    const said = proven.of(one.said);
    const by = decidedBy(await actOf(client, one.event), state);
    if (said === null || by === null) break;
    told.push({ said, sealed: toBase64(one.bytes), by });
  }
  const fresh = replies.slice(0, told.length).filter(({ fetched }) => !fetched);
  for (const { reply } of fresh)
    await noteFetched(client, reply, async () => {
      return (await writeEvent(client, { kind: "reply.fetched", ...where, reply })).id;
    });
  if (fresh.length > 0) await announceEvent(client);
  return told;
}

/** Whose key signed an act, as the body's statements have it. */
export function decidedBy(act: ActRow | undefined, { persons }: BodyState): DecidedBy | null {
  const key = act && persons.get(act.person)?.signingKey;
  return act && key ? { key: toHex(key), signature: act.signature.toString("hex") } : null;
}
